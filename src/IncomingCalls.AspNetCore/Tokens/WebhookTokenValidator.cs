using IncomingCalls.Shared;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls.AspNetCore.Tokens;

/// <summary>Finds the token of a request among those of the endpoint and of the instances, whose index is rebuilt when either has changed.</summary>
internal sealed class WebhookTokenValidator(LastKnownGoodOptions<IncomingCallsWebhookOptions> options, ICallInstances instances) : IWebhookTokenValidator
{
    private static readonly WebhookTokenResult Anonymous = WebhookTokenResult.Valid();

    private static readonly WebhookTokenResult NoneConfigured = WebhookTokenResult.Invalid(
        "No token is configured; set IncomingCalls:Webhook:Tokens:0, or the WebhookTokens of the instances.");

    private static readonly WebhookTokenResult Missing = WebhookTokenResult.Invalid(
        "The request had no Authorization header; set webhookUrlToken in the settings of the instance.");

    private static readonly WebhookTokenResult Unknown = WebhookTokenResult.Invalid(
        "The token of the request is not configured; compare webhookUrlToken of the instance with IncomingCalls:Webhook:Tokens.");

    private volatile Snapshot? _last;

    public WebhookTokenResult Validate(StringValues authorization)
    {
        var current = options.CurrentValue;
        if (current.AllowAnonymous)
        {
            return Anonymous;
        }

        var index = GetIndex(current);
        return index.Find(authorization)?.Result
            ?? (index.IsEmpty ? NoneConfigured : authorization.Count == 0 ? Missing : Unknown);
    }

    private WebhookTokenIndex GetIndex(IncomingCallsWebhookOptions current)
    {
        var last = _last;
        if (last is null || !ReferenceEquals(last.Options, current) || last.Changed.HasChanged)
        {
            // The change token is taken before the instances are read, so that a change in between is not missed.
            var changed = instances.Watch();
            _last = last = new(current, changed, new(current.Tokens ?? [], instances.Current));
        }

        return last.Tokens;
    }

    private sealed record Snapshot(IncomingCallsWebhookOptions Options, IChangeToken Changed, WebhookTokenIndex Tokens);
}
