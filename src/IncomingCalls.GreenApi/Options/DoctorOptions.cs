using IncomingCalls.GreenApi.Settings;

namespace IncomingCalls;

/// <summary>The options of an examination: what it checks besides the instance itself, and its thresholds.</summary>
public sealed class DoctorOptions
{
    internal static readonly TimeSpan MaxConsumerWatchDuration = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The address of the host's webhook, as the gateway reaches it. A harmless notification of another type is posted there, and the
    /// <c>webhookUrl</c> setting is compared with the address.
    /// </summary>
    /// <value>Default: null, which means that no webhook is checked.</value>
    public Uri? WebhookUrl { get; init; }

    /// <summary>The token that the host's webhook requires, with or without a scheme in front of it.</summary>
    /// <value>Default: null, which means the first of <see cref="CallInstance.WebhookTokens"/>; without one, no token is sent.</value>
    public string? WebhookToken { get; init; }

    /// <summary>The number of waiting notifications from which a queue counts as long. The gateway delivers about fifty per second.</summary>
    /// <value>Default: 100. At least 1.</value>
    public int LongQueueThreshold { get; init; } = 100;

    /// <summary>The tolerated deviation of the clock of this host; the gateway reports its time in whole seconds.</summary>
    /// <value>Default: 5 seconds. Range: 2 seconds to 1 minute.</value>
    public TimeSpan ClockTolerance { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a waiting notification is watched to detect another consumer of the queue. Only instances that are polled are watched;
    /// nothing is deleted.
    /// </summary>
    /// <value>Default: 5 seconds. Range: 0 to 1 minute. Null: other consumers are not detected.</value>
    public TimeSpan? ConsumerWatchDuration { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Finds what is wrong with the options, as a sentence without the values that may be secret; null when the options are valid.</summary>
    internal string? FindProblem() =>
        WebhookUrl is not null && !WebhookAddress.IsHttp(WebhookUrl) ? "WebhookUrl is not an absolute http or https address."
        // A header allows printable ASCII only, and the token must not appear in the exception.
        : WebhookToken?.Any(character => !char.IsBetween(character, ' ', '~')) == true ? "WebhookToken contains characters that are not allowed in an HTTP header."
        : LongQueueThreshold < 1 ? "LongQueueThreshold must be at least 1."
        : ClockTolerance < TimeSpan.FromSeconds(2) || ClockTolerance > TimeSpan.FromMinutes(1) ? "ClockTolerance must be between 2 seconds and 1 minute."
        : ConsumerWatchDuration < TimeSpan.Zero || ConsumerWatchDuration > MaxConsumerWatchDuration ? "ConsumerWatchDuration must be between 0 seconds and 1 minute."
        : null;
}
