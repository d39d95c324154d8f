using IncomingCalls.Testing;

namespace IncomingCalls.JournalTests;

/// <summary>A call as it takes place, and what is lost of its notifications.</summary>
internal sealed class PlannedCall
{
    public required int Instance { get; init; }

    public required string Caller { get; init; }

    public required DateTimeOffset OfferedAt { get; init; }

    public required TimeSpan RingTime { get; init; }

    public required TimeSpan TalkTime { get; init; }

    /// <summary>How the call ends.</summary>
    public required CallStatus Status { get; init; }

    /// <summary>What its notifications name as the caller, and whether the outcome is lost.</summary>
    public required CallQuirks Quirks { get; init; }

    public required bool LosesOffer { get; init; }

    public required bool IsDuplicated { get; init; }

    /// <summary>The id, once the call has begun.</summary>
    public CallKey Key { get; set; }

    public bool LosesOutcome => Quirks.HasFlag(CallQuirks.LostOutcome);

    public bool IsOwnCall => Quirks.HasFlag(CallQuirks.OwnCall);

    public bool IsOwnNumber => Quirks.HasFlag(CallQuirks.OwnNumber);

    /// <summary>Whether a notification of the call arrives.</summary>
    public bool IsAnnounced => !LosesOffer || !LosesOutcome;

    public CallDirection Direction => IsOwnCall ? CallDirection.Outgoing : CallDirection.Incoming;

    public CallOutcome Outcome => Status switch
    {
        CallStatus.PickUp => CallOutcome.Answered,
        _ when IsOwnCall => CallOutcome.NotAnswered,
        CallStatus.HungUp => CallOutcome.Dropped,
        _ => CallOutcome.Missed,
    };

    public static PlannedCall Create(Random random, CampaignOptions options, DateTimeOffset start)
    {
        var own = random.Next(50);
        var quirks = (own == 0 ? CallQuirks.OwnNumber : own == 1 ? CallQuirks.OwnCall : CallQuirks.None) | (random.Next(10) == 0 ? CallQuirks.LostOutcome : CallQuirks.None);
        return new()
        {
            Instance = random.Next(options.Instances),
            // A third of the callers calls more than once.
            Caller = $"{79000000000 + random.Next(options.Calls * 2)}@c.us",
            OfferedAt = start.AddSeconds(random.Next(options.Minutes * 60)),
            RingTime = TimeSpan.FromSeconds(random.Next(2, 55)),
            TalkTime = TimeSpan.FromSeconds(random.Next(5, 900)),
            Status = random.Next(10) switch { < 5 => CallStatus.PickUp, 5 => CallStatus.HungUp, 6 => CallStatus.Missed, _ => CallStatus.Declined },
            Quirks = quirks,
            LosesOffer = random.Next(20) == 0,
            IsDuplicated = random.Next(10) == 0,
        };
    }
}
