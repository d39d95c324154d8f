using System.Text.Json;
using IncomingCalls.GreenApi.Settings;
using IncomingCalls.Shared;

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

/// <summary>
/// What to change in the settings of an instance, see
/// <see href="https://green-api.com/en/docs/api/account/SetSettings/">SetSettings</see>. What is null stays as it is. The lid mode
/// is not here: it needs a logout and another scan of the QR code, and belongs into the console.
/// </summary>
public sealed class GreenApiSettingsChange
{
    /// <summary>Where notifications are to be posted; empty to let them wait to be received.</summary>
    public string? WebhookUrl { get; init; }

    /// <summary>What the <c>Authorization</c> header of webhook requests is to say; empty for no header.</summary>
    public string? WebhookUrlToken { get; init; }

    /// <summary>Whether incoming messages are to be notified.</summary>
    public bool? IncomingWebhook { get; init; }

    /// <summary>Whether incoming calls are to be notified.</summary>
    public bool? IncomingCallWebhook { get; init; }

    /// <summary>Whether outgoing calls are to be notified.</summary>
    public bool? OutgoingCallWebhook { get; init; }

    /// <summary>The names of what it changes, as the API spells them.</summary>
    internal IEnumerable<string> SettingNames => Entries.Select(entry => entry.Name);

    private IEnumerable<(string Name, string Value)> Entries =>
        new (string Name, string? Value)[]
        {
            ("webhookUrl", WebhookUrl),
            ("webhookUrlToken", WebhookUrlToken),
            ("incomingWebhook", ToYesNo(IncomingWebhook)),
            ("incomingCallWebhook", ToYesNo(IncomingCallWebhook)),
            ("outgoingCallWebhook", ToYesNo(OutgoingCallWebhook)),
        }.Where(entry => entry.Value is not null)!;

    /// <summary>What of it the settings do not say yet. A switch that they do not tell counts as different: nobody knows it to be right.</summary>
    internal GreenApiSettingsChange DifferenceFrom(GreenApiSettings current) => new()
    {
        WebhookUrl = WebhookUrl is null || WebhookAddress.IsSame(WebhookUrl, current.WebhookUrl) ? null : WebhookUrl,
        WebhookUrlToken = WebhookUrlToken is null || current.MatchesToken(WebhookUrlToken) ? null : WebhookUrlToken,
        IncomingWebhook = IncomingWebhook == current.IncomingWebhook ? null : IncomingWebhook,
        IncomingCallWebhook = IncomingCallWebhook == current.IncomingCallWebhook ? null : IncomingCallWebhook,
        OutgoingCallWebhook = OutgoingCallWebhook == current.OutgoingCallWebhook ? null : OutgoingCallWebhook,
    };

    /// <summary>What is wrong with it; null when nothing is. The text shows nothing of an address or a token.</summary>
    internal string? FindProblem() =>
        !Entries.Any() ? "It changes nothing, and would restart the instance for that."
        : !string.IsNullOrEmpty(WebhookUrl) && WebhookAddress.Parse(WebhookUrl) is null ? "Its WebhookUrl is neither empty nor an address of HTTP."
        : null;

    /// <summary>The API documents texts for switches, whatever else it may understand.</summary>
    internal void Write(Utf8JsonWriter writer)
    {
        foreach (var (name, value) in Entries)
        {
            writer.WriteString(name, value);
        }
    }

    private static string? ToYesNo(bool? isOn) => isOn switch { true => "yes", false => "no", null => null };
}
