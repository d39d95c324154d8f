namespace IncomingCalls.Testing;

/// <summary>Options of <see cref="GreenApiSimulator"/>. The defaults are the documented values of GREEN-API; a test that must not wait sets <see cref="TimeProvider"/>.</summary>
public sealed class GreenApiSimulatorOptions
{
    /// <summary>The port on 127.0.0.1.</summary>
    /// <value>Default: 0, any free port.</value>
    public int Port { get; set; }

    /// <summary>The clock of retention, redelivery, long polls, journals and rate limits.</summary>
    /// <value>Default: the system clock.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>The timeout of a request to the webhook. Documented: 180 s.</summary>
    /// <value>Default: 180 seconds.</value>
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromSeconds(180);

    /// <summary>The delay before a notification that was not acknowledged is posted again. Documented: 60 s.</summary>
    /// <value>Default: 60 seconds.</value>
    public TimeSpan ResendAfter { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long notifications are stored in the queue. Documented: 24 h.</summary>
    /// <value>Default: 24 hours.</value>
    public TimeSpan Retention { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// The scheme that precedes a webhook token without a scheme, such as <c>Bearer</c>. Reported both ways: tokens set by
    /// setSettings were received with a scheme and without one. A token that the vendor's console stored contains its scheme and is
    /// sent unchanged.
    /// </summary>
    /// <value>Default: empty, tokens are sent unchanged.</value>
    public string WebhookTokenScheme { get; set; } = "";

    /// <summary>
    /// Whether deleteNotification answers 500, with a text that contains <c>findUnAckedMessage</c>, when there is nothing to delete.
    /// Reported; the documented answer is <c>"result":false</c>.
    /// </summary>
    /// <value>Default: false.</value>
    public bool DeletingNothingFails { get; set; }

    /// <summary>Whether requests beyond the documented rate limits are answered with 429.</summary>
    /// <value>Default: true.</value>
    public bool EnforceRateLimits { get; set; } = true;

    /// <summary>Whether the key in the answer of getWebhooksCount contains a Cyrillic letter, as in the vendor's sample. Reported.</summary>
    /// <value>Default: false.</value>
    public bool CyrillicCountKey { get; set; }

    /// <summary>
    /// The duration of the restart after setSettings, see <see cref="SimulatedInstance.Restart"/>. Documented: the instance restarts,
    /// and the settings take effect within 5 minutes.
    /// </summary>
    /// <value>Default: zero, settings take effect at once so that tests do not wait.</value>
    public TimeSpan RestartAfterSettings { get; set; }

    /// <summary>The time from the end of a call until the journal contains it. Documented: up to 2 minutes.</summary>
    /// <value>Default: 2 minutes.</value>
    public TimeSpan JournalDelay { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>The delay of an instance with <see cref="GatewayQuirks.Slow"/>. An invention of the simulator: no delay is documented.</summary>
    /// <value>Default: 2 seconds.</value>
    public TimeSpan SlowBy { get; set; } = TimeSpan.FromSeconds(2);
}

/// <summary>Options of a simulated instance.</summary>
public sealed class SimulatedInstanceOptions
{
    /// <summary>The <c>idInstance</c>.</summary>
    /// <value>Default: null, the next free number from 1101000001.</value>
    public long? IdInstance { get; set; }

    /// <summary>The <c>apiTokenInstance</c>.</summary>
    /// <value>Default: null, a random token.</value>
    public string? ApiTokenInstance { get; set; }

    /// <summary>The chat id of the account.</summary>
    /// <value>Default: <c>70000000001@c.us</c>.</value>
    public string Wid { get; set; } = "70000000001@c.us";

    /// <summary>The <c>typeInstance</c>, which is the messenger: <c>whatsapp</c>, <c>v3</c> or <c>telegram</c>.</summary>
    /// <value>Default: <c>whatsapp</c>.</value>
    public string TypeInstance { get; set; } = "whatsapp";

    /// <summary>The first receipt id. Ids of more than 32 bits are not documented but are valid integers.</summary>
    /// <value>Default: 1.</value>
    public long FirstReceiptId { get; set; } = 1;

    /// <summary>The number of requests of checkWhatsapp per month, after which they are answered with 466. Documented: 100 on the Developer plan, 30,000 on Business.</summary>
    /// <value>Default: 30,000.</value>
    public int CheckWhatsappQuota { get; set; } = 30_000;
}

/// <summary>Options of a simulated call.</summary>
public sealed class SimulatedCallOptions
{
    /// <summary>The <c>idMessage</c> of the call.</summary>
    /// <value>Default: null, a random id in the format of the messenger.</value>
    public string? IdMessage { get; set; }

    /// <summary>Whether it is a video call. Seen in official client code of incoming calls; documented for outgoing ones and for the journals.</summary>
    /// <value>Default: null, not part of the notification of an incoming call; otherwise false.</value>
    public bool? IsVideo { get; set; }

    /// <summary>The chat ids of the participants of a group call. Seen in official client code of incoming calls; documented for outgoing ones.</summary>
    /// <value>Default: null, not part of the notification of an incoming call; the called account for an outgoing one.</value>
    public IReadOnlyList<string>? Participants { get; set; }

    /// <summary>The <c>from</c> of the outcome of an incoming call. Reported: it was the party that ended the call.</summary>
    /// <value>Default: null, the caller.</value>
    public string? OutcomeFrom { get; set; }

    /// <summary>
    /// The duration of the conversation when the call is answered. Documented: it is part of the notification of an outgoing call, and the journals
    /// contain the end of the call. The end of an answered incoming call is not reported otherwise.
    /// </summary>
    /// <value>Default: zero, the call ends when it is answered.</value>
    public TimeSpan TalkTime { get; set; }

    /// <summary>An offset that is added to the timestamps: negative for a call that is delivered late.</summary>
    /// <value>Default: zero.</value>
    public TimeSpan TimestampShift { get; set; }

    /// <summary>Deviations of the notifications of this call, in addition to the <see cref="SimulatedInstance.CallQuirks"/> of the instance.</summary>
    /// <value>Default: <see cref="CallQuirks.None"/>.</value>
    public CallQuirks Quirks { get; set; }
}
