using Microsoft.Extensions.Primitives;

namespace IncomingCalls.AspNetCore.Tokens;

/// <summary>Keeps the tokens ready for comparison, and makes them anew when the options or the instances have changed.</summary>
internal sealed class WebhookTokenProvider(ICallInstances instances)
{
    private volatile Snapshot? _last;

    public WebhookTokenIndex ForOptions(IncomingCallsWebhookOptions options)
    {
        var last = _last;
        if (last is null || !ReferenceEquals(last.Options, options) || last.Changed.HasChanged)
        {
            // Watched before they are read: a change in between makes another edition rather than being missed.
            var changed = instances.Watch();
            _last = last = new(options, changed, new(options.Tokens ?? [], instances.Current));
        }

        return last.Tokens;
    }

    private sealed record Snapshot(IncomingCallsWebhookOptions Options, IChangeToken Changed, WebhookTokenIndex Tokens);
}
