using System.Net;
using System.Net.Sockets;

namespace IncomingCalls.AspNetCore.Options;

/// <summary>The networks from which requests are accepted.</summary>
internal sealed class SenderNetworks(IEnumerable<string> networks)
{
    private readonly IPNetwork[] _networks = [.. networks.Select(text => TryParse(text, out var network) ? network : throw new FormatException($"'{text}' is not a network. Write a network such as 203.0.113.0/24, or an address such as 203.0.113.7."))];

    /// <summary>Tries to parse a network, or a single address as a network of one address.</summary>
    public static bool TryParse(string? text, out IPNetwork network)
    {
        network = default;
        var trimmed = text.AsSpan().Trim();
        if (trimmed.Contains('/'))
        {
            return IPNetwork.TryParse(trimmed, out network);
        }

        if (!IPAddress.TryParse(trimmed, out var address))
        {
            return false;
        }

        network = new(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
        return true;
    }

    /// <summary>Gets whether a network contains an address. A dual-mode socket reports IPv4 addresses as <c>::ffff:203.0.113.7</c>; both forms match.</summary>
    public bool Contain(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var mapped = plain.AddressFamily == AddressFamily.InterNetwork ? plain.MapToIPv6() : plain;
        return Array.Exists(_networks, network => network.Contains(plain) || network.Contains(mapped));
    }
}
