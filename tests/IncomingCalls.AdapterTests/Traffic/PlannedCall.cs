namespace IncomingCalls.AdapterTests.Traffic;

/// <summary>A call of a campaign: what the gateway reports of it, and what must be in the portal in the end.</summary>
internal sealed class PlannedCall
{
    public required string Portal { get; init; }

    public required CallKey Key { get; init; }

    /// <summary>The chat id of the caller; null for a hidden number.</summary>
    public required string? From { get; init; }

    /// <summary>The phone number that the portal gets; null when none is known, or when the portal does not know it and wants no contact.</summary>
    public required string? RecordedPhone { get; init; }

    public required DateTimeOffset OfferedAt { get; init; }

    /// <summary>The statuses after the offer, in the order of their times.</summary>
    public required IReadOnlyList<Report> Outcomes { get; init; }

    /// <summary>The last outcome; null when the gateway reports none.</summary>
    public string? LastStatus => Outcomes is [.., var last] ? last.Status : null;

    /// <summary>The text of the record in the end.</summary>
    public string Text => LastStatus switch
    {
        "pickUp" => "Answered call",
        "hungUp" => "Dropped call",
        "missed" => "Missed call",
        _ => "Call without a known outcome",
    };

    /// <summary>When the last outcome was accepted; null before.</summary>
    public DateTimeOffset? AcceptedAt { get; set; }

    public IncomingCallNotification Create(Report report) => new()
    {
        IdMessage = Key.IdMessage,
        Instance = new() { IdInstance = Key.IdInstance },
        RawStatus = report.Status,
        From = From is null ? null : ChatId.Parse(From),
        Timestamp = report.Time,
    };
}

/// <summary>What the gateway reports of a call.</summary>
internal sealed record Report(DateTimeOffset Time, string Status);
