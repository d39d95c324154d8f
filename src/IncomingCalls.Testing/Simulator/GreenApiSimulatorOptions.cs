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
