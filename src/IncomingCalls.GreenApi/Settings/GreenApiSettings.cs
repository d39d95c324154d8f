namespace IncomingCalls;

/// <summary>
/// The settings of an instance that matter for calls, see
/// <see href="https://green-api.com/en/docs/api/account/GetSettings/">GetSettings</see>. Null where the answer has none.
/// </summary>
public sealed class GreenApiSettings
{
    /// <summary>Where notifications are posted; empty when they wait to be received.</summary>
    public string? WebhookUrl { get; init; }

    /// <summary>Whether webhook requests carry a token. The token itself is not shown.</summary>
    public bool HasWebhookUrlToken { get; init; }

    /// <summary>Whether incoming messages are notified. Older servers notify no calls without it.</summary>
    public bool? IncomingWebhook { get; init; }

    /// <summary>Whether incoming calls are notified.</summary>
    public bool? IncomingCallWebhook { get; init; }

    /// <summary>Whether outgoing calls are notified.</summary>
    public bool? OutgoingCallWebhook { get; init; }

    /// <summary>Whether callers are told as linked ids (<c>@lid</c>) instead of phone numbers.</summary>
    public bool? EnableLidMode { get; init; }

    /// <summary>The token, for comparison alone: nothing public, and so no serializer and no logger, gets at it.</summary>
    internal string? WebhookUrlToken { get; init; }

    /// <summary>
    /// Whether webhook requests carry this token. The gateway may put a scheme before a token that has none, so schemes do not
    /// count: comparing them would write, and restart the instance, again and again.
    /// </summary>
    internal bool MatchesToken(string token) => AuthorizationHeader.ExtractToken(token).SequenceEqual(AuthorizationHeader.ExtractToken(WebhookUrlToken));
}
