using System.Text.Json;
using IncomingCalls.GreenApi.Settings;
using IncomingCalls.Shared;

namespace IncomingCalls;

/// <summary>
/// The settings of an instance that matter for calls, see
/// <see href="https://green-api.com/en/docs/api/account/GetSettings/">GetSettings</see>. A property is null where the response does not contain the setting.
/// </summary>
public sealed class GreenApiSettings
{
    /// <summary>The address that notifications are posted to; empty when they are received by polling.</summary>
    public string? WebhookUrl { get; init; }

    /// <summary>Whether webhook requests carry a token. The token itself is not exposed.</summary>
    public bool HasWebhookUrlToken { get; init; }

    /// <summary>Whether notifications about incoming messages are sent. Older servers send none about calls without it.</summary>
    public bool? IncomingWebhook { get; init; }

    /// <summary>Whether notifications about incoming calls are sent.</summary>
    public bool? IncomingCallWebhook { get; init; }

    /// <summary>Whether notifications about outgoing calls are sent.</summary>
    public bool? OutgoingCallWebhook { get; init; }

    /// <summary>Whether callers are identified by linked ids (<c>@lid</c>) instead of phone numbers.</summary>
    public bool? EnableLidMode { get; init; }

    /// <summary>The account of the instance, used only for comparison; null while the instance is logged out.</summary>
    internal ChatId? Wid { get; init; }

    /// <summary>The token, used only for comparison. It is not public so that no serializer and no logger can read it.</summary>
    internal string? WebhookUrlToken { get; init; }

    /// <summary>
    /// Whether webhook requests carry this token. The gateway may add a scheme to a token that has none, so schemes are not compared:
    /// otherwise every comparison would find a difference, and the settings would be written and the instance restarted each time.
    /// </summary>
    internal bool MatchesToken(string token) => AuthorizationHeader.ExtractToken(token).SequenceEqual(AuthorizationHeader.ExtractToken(WebhookUrlToken));
}

/// <summary>
/// A change of the settings of an instance, see
/// <see href="https://green-api.com/en/docs/api/account/SetSettings/">SetSettings</see>. Settings that are null are not changed. The lid
/// mode is not included: it requires a logout and another scan of the QR code, which is done in the GREEN-API console.
/// </summary>
public sealed class GreenApiSettingsChange
{
    /// <summary>The address to post notifications to; empty to receive them by polling.</summary>
    public string? WebhookUrl { get; init; }

    /// <summary>The value of the <c>Authorization</c> header of webhook requests; empty for no header.</summary>
    public string? WebhookUrlToken { get; init; }

    /// <summary>Whether to send notifications about incoming messages.</summary>
    public bool? IncomingWebhook { get; init; }

    /// <summary>Whether to send notifications about incoming calls.</summary>
    public bool? IncomingCallWebhook { get; init; }

    /// <summary>Whether to send notifications about outgoing calls.</summary>
    public bool? OutgoingCallWebhook { get; init; }

    /// <summary>The names of the changed settings, as the API spells them.</summary>
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

    /// <summary>
    /// Gets the part of this change that differs from the current settings. A switch that the current settings do not contain counts as
    /// different.
    /// </summary>
    internal GreenApiSettingsChange DifferenceFrom(GreenApiSettings current) => new()
    {
        WebhookUrl = WebhookUrl is null || WebhookAddress.IsSame(WebhookUrl, current.WebhookUrl) ? null : WebhookUrl,
        WebhookUrlToken = WebhookUrlToken is null || current.MatchesToken(WebhookUrlToken) ? null : WebhookUrlToken,
        IncomingWebhook = IncomingWebhook == current.IncomingWebhook ? null : IncomingWebhook,
        IncomingCallWebhook = IncomingCallWebhook == current.IncomingCallWebhook ? null : IncomingCallWebhook,
        OutgoingCallWebhook = OutgoingCallWebhook == current.OutgoingCallWebhook ? null : OutgoingCallWebhook,
    };

    /// <summary>Finds what is wrong with the change, as a sentence that shows no address and no token; null when the change is valid.</summary>
    internal string? FindProblem() =>
        !Entries.Any() ? "The change contains no setting, and writing it would restart the instance."
        : !string.IsNullOrEmpty(WebhookUrl) && WebhookAddress.Parse(WebhookUrl) is null ? "WebhookUrl is neither empty nor an absolute http or https address."
        : null;

    /// <summary>Writes the settings as JSON properties. Switches are written as "yes" and "no", the only documented form.</summary>
    internal void Write(Utf8JsonWriter writer)
    {
        foreach (var (name, value) in Entries)
        {
            writer.WriteString(name, value);
        }
    }

    private static string? ToYesNo(bool? isOn) => isOn switch { true => "yes", false => "no", null => null };
}
