namespace IncomingCalls;

/// <summary>
/// The options of the inline inbox, which runs the handlers before the acknowledgement; section <c>IncomingCalls:Inline</c>.
/// </summary>
public sealed class InlineInboxOptions
{
    /// <summary>How long one delivery may take in all, retries included. The gateway waits 180 s for an answer.</summary>
    /// <value>Default: 2 minutes. Range: 1 second to 170 seconds.</value>
    public TimeSpan DeliveryTimeLimit { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>After how many failed deliveries a notification may be given up.</summary>
    /// <value>Default: 5. Range: 1 to 1000.</value>
    public int GiveUpAfterDeliveries { get; set; } = 5;

    /// <summary>
    /// How long a notification must have been failing before it is given up, that is acknowledged and reported as Critical, so
    /// that the calls behind it in the gateway's queue get through. Null: never.
    /// </summary>
    /// <value>Default: 10 minutes. Range: 0 to 24 hours, or null.</value>
    public TimeSpan? GiveUpAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long calls are remembered, to recognise the gateway's repeats. It repeats for 24 hours.</summary>
    /// <value>Default: 72 hours. Range: 1 hour to 14 days.</value>
    public TimeSpan RepeatWindow { get; set; } = TimeSpan.FromHours(72);

    /// <summary>How many calls are remembered; the oldest finished ones go first. A call takes about 1 KiB.</summary>
    /// <value>Default: 50,000. Range: 100 to 10,000,000.</value>
    public int MaxCalls { get; set; } = 50_000;
}
