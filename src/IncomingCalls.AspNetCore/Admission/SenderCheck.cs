using System.Net;
using IncomingCalls.AspNetCore.Options;

namespace IncomingCalls.AspNetCore.Admission;

/// <summary>Checks whether an address may send requests. The networks are parsed again when the options have changed.</summary>
internal sealed class SenderCheck
{
    private volatile Snapshot? _last;

    public bool Allows(IncomingCallsWebhookOptions options, IPAddress? address)
    {
        if (options.AllowedSenders is not { } senders)
        {
            return true;
        }

        var last = _last;
        if (last is null || !ReferenceEquals(last.Options, options))
        {
            _last = last = new(options, new(senders));
        }

        // A connection without an address, as on a Unix socket, belongs to none of the networks.
        return address is not null && last.Networks.Contain(address);
    }

    private sealed record Snapshot(IncomingCallsWebhookOptions Options, SenderNetworks Networks);
}
