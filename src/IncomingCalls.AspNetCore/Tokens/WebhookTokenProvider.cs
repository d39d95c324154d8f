using Microsoft.Extensions.Primitives;

namespace IncomingCalls.AspNetCore.Tokens;

/// <summary>Caches the index of tokens, and rebuilds it when the options or the instances have changed.</summary>
internal sealed class WebhookTokenProvider(ICallInstances instances)
{
    private volatile Snapshot? _last;

    public WebhookTokenIndex GetIndex(IncomingCallsWebhookOptions options)
    {
        var last = _last;
        if (last is null || !ReferenceEquals(last.Options, options) || last.Changed.HasChanged)
        {
            // The change token is taken before the instances are read, so that a change in between is not missed.
            var changed = instances.Watch();
            _last = last = new(options, changed, new(options.Tokens ?? [], instances.Current));
        }

        return last.Tokens;
    }

    private sealed record Snapshot(IncomingCallsWebhookOptions Options, IChangeToken Changed, WebhookTokenIndex Tokens);
}
