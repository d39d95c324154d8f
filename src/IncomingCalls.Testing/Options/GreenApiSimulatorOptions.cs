namespace IncomingCalls.Testing;

/// <summary>How the simulator behaves; the defaults are the vendor's, with the times that a test would wait for cut short by the clock given.</summary>
public sealed class GreenApiSimulatorOptions
{
    /// <summary>The port on 127.0.0.1.</summary>
    /// <value>Default: 0, any free one.</value>
    public int Port { get; set; }

    /// <summary>The clock: retention, resending, long polls and rate limits follow it.</summary>
    /// <value>Default: the system's.</value>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>How long a webhook may take to answer. Documented: 180 s.</summary>
    /// <value>Default: 180 seconds.</value>
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromSeconds(180);

    /// <summary>The pause before the same notification is posted again. Documented: 60 s.</summary>
    /// <value>Default: 60 seconds.</value>
    public TimeSpan ResendAfter { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long notifications are kept. Documented: 24 h.</summary>
    /// <value>Default: 24 hours.</value>
    public TimeSpan Retention { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// The scheme that is put before a webhook token which has none, such as <c>Bearer</c>. Reported both ways: integrators of
    /// tokens set by setSettings met none and one. A token that the console stored names its scheme, and is sent as it is.
    /// </summary>
    /// <value>Default: empty, tokens are sent as they are.</value>
    public string WebhookTokenScheme { get; set; } = "";

    /// <summary>
    /// Whether deleteNotification answers 500, with a text that names <c>findUnAckedMessage</c>, where there is nothing to delete.
    /// Reported; documented is <c>"result":false</c>.
    /// </summary>
    /// <value>Default: false.</value>
    public bool DeletingNothingFails { get; set; }

    /// <summary>Whether requests beyond the documented rate limits are answered with 429.</summary>
    /// <value>Default: true.</value>
    public bool EnforceRateLimits { get; set; } = true;

    /// <summary>Whether getWebhooksCount spells its key with a Cyrillic letter, as the vendor's sample does. Reported.</summary>
    /// <value>Default: false.</value>
    public bool CyrillicCountKey { get; set; }

    /// <summary>
    /// How long an instance restarts after setSettings, see <see cref="SimulatedInstance.Restart"/>. Documented: it restarts, and
    /// the settings work within 5 minutes.
    /// </summary>
    /// <value>Default: zero, they work at once and no test has to wait.</value>
    public TimeSpan RestartAfterSettings { get; set; }

    /// <summary>By how much an instance with <see cref="GatewayQuirks.Slow"/> is late. Made up: no delay is documented.</summary>
    /// <value>Default: 2 seconds.</value>
    public TimeSpan SlowBy { get; set; } = TimeSpan.FromSeconds(2);
}

/// <summary>How a simulated instance is made.</summary>
public sealed class SimulatedInstanceOptions
{
    /// <summary>Its number.</summary>
    /// <value>Default: null, the next free one from 1101000001.</value>
    public long? IdInstance { get; set; }

    /// <summary>The secret of its API.</summary>
    /// <value>Default: null, a random one.</value>
    public string? ApiTokenInstance { get; set; }

    /// <summary>Its account.</summary>
    /// <value>Default: <c>70000000001@c.us</c>.</value>
    public string Wid { get; set; } = "70000000001@c.us";

    /// <summary>The messenger: <c>whatsapp</c>, <c>v3</c> or <c>telegram</c>.</summary>
    /// <value>Default: <c>whatsapp</c>.</value>
    public string TypeInstance { get; set; } = "whatsapp";

    /// <summary>The first receipt id; more than 32 bits were not documented but are legal integers.</summary>
    /// <value>Default: 1.</value>
    public long FirstReceiptId { get; set; } = 1;
}

/// <summary>What is unusual about a simulated call.</summary>
public sealed class SimulatedCallOptions
{
    /// <summary>Its id.</summary>
    /// <value>Default: null, a random one in the form of the messenger.</value>
    public string? IdMessage { get; set; }

    /// <summary>Whether it is a video call. Seen in official client code, not documented.</summary>
    /// <value>Default: null, not told.</value>
    public bool? IsVideo { get; set; }

    /// <summary>The members of a group call. Seen in official client code, not documented.</summary>
    /// <value>Default: null, not told.</value>
    public IReadOnlyList<string>? Participants { get; set; }

    /// <summary>The <c>from</c> of its outcome. Reported: it was that of whoever ended the call.</summary>
    /// <value>Default: null, the caller.</value>
    public string? OutcomeFrom { get; set; }

    /// <summary>What is added to the timestamps: negative for a call that comes late.</summary>
    /// <value>Default: zero.</value>
    public TimeSpan TimestampShift { get; set; }

    /// <summary>What is odd about its notifications, besides the <see cref="SimulatedInstance.CallQuirks"/> of the instance.</summary>
    /// <value>Default: <see cref="CallQuirks.None"/>.</value>
    public CallQuirks Quirks { get; set; }
}
