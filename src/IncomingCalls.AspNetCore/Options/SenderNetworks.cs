using System.Net;
using System.Net.Sockets;

namespace IncomingCalls.AspNetCore.Options;

/// <summary>The networks that requests may come from.</summary>
internal sealed class SenderNetworks(IEnumerable<string> networks)
{
    private readonly IPNetwork[] _networks = [.. networks.Select(text => TryParse(text, out var network) ? network : throw new FormatException($"'{text}' is no network."))];

    /// <summary>Reads a network, or a single address as the network of itself.</summary>
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

    /// <summary>A socket for both families reports IPv4 addresses as <c>::ffff:203.0.113.7</c>: either form counts.</summary>
    public bool Contain(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var mapped = plain.AddressFamily == AddressFamily.InterNetwork ? plain.MapToIPv6() : plain;
        return Array.Exists(_networks, network => network.Contains(plain) || network.Contains(mapped));
    }
}
