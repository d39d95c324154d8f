using IncomingCalls.GreenApi.Settings;

namespace IncomingCalls;

/// <summary>What an examination looks at besides the instance itself, and from where on it worries.</summary>
public sealed class DoctorOptions
{
    internal static readonly TimeSpan MaxConsumerWatchDuration = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The address of our webhook as the gateway reaches it. A harmless notification of a foreign type is posted there, and
    /// <c>webhookUrl</c> compared with it.
    /// </summary>
    /// <value>Default: null, no webhook is looked at.</value>
    public Uri? WebhookUrl { get; init; }

    /// <summary>The token that our webhook asks for, with or without a scheme before it.</summary>
    /// <value>Default: null, the first of <see cref="CallInstance.WebhookTokens"/>; without any, no token is sent.</value>
    public string? WebhookToken { get; init; }

    /// <summary>How many waiting notifications make a queue a long one. The gateway hands out about fifty per second.</summary>
    /// <value>Default: 100. At least 1.</value>
    public int LongQueueThreshold { get; init; } = 100;

    /// <summary>How far this host's clock may be off; the gateway tells the time in whole seconds.</summary>
    /// <value>Default: 5 seconds. Range: 2 seconds to 1 minute.</value>
    public TimeSpan ClockTolerance { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a waiting notification is watched, to see whether somebody else takes it. Only instances that are polled are
    /// watched; nothing is deleted.
    /// </summary>
    /// <value>Default: 5 seconds. Range: up to 1 minute. Null: nobody is looked for.</value>
    public TimeSpan? ConsumerWatchDuration { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>What is wrong with them, without the values that may be secret; null when nothing is.</summary>
    internal string? FindProblem() =>
        WebhookUrl is not null && !WebhookAddress.IsHttp(WebhookUrl) ? "WebhookUrl is not an address of HTTP."
        // A header takes no other characters, and the token must not show in the exception that says so.
        : WebhookToken?.Any(character => !char.IsBetween(character, ' ', '~')) == true ? "WebhookToken has characters that no header takes."
        : LongQueueThreshold < 1 ? "LongQueue is less than 1."
        : ClockTolerance < TimeSpan.FromSeconds(2) || ClockTolerance > TimeSpan.FromMinutes(1) ? "ClockTolerance is not from 2 seconds to 1 minute."
        : ConsumerWatchDuration < TimeSpan.Zero || ConsumerWatchDuration > MaxConsumerWatchDuration ? "ConsumerWatch is not from 0 seconds to 1 minute."
        : null;
}
