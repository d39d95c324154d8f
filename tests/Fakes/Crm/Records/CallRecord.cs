namespace IncomingCalls.Fakes.Crm;

/// <summary>A call as the CRM stores it.</summary>
public sealed record CallRecord
{
    /// <summary>The id that the CRM gave to the record.</summary>
    public required string Id { get; init; }

    /// <summary>The client's id of the call, its idempotency key. Two records with the same one are a double.</summary>
    public required string ExternalId { get; init; }

    /// <summary>The phone number as it was sent.</summary>
    public required string Phone { get; init; }

    /// <summary><c>inbound</c> or <c>outbound</c>.</summary>
    public required string Direction { get; init; }

    /// <summary>The contact that the call belongs to.</summary>
    public required string ContactId { get; init; }

    /// <summary>When the call was registered.</summary>
    public required DateTimeOffset RegisteredAt { get; init; }

    /// <summary>How many registrations were recognised as repetitions.</summary>
    public int RepeatCount { get; init; }

    /// <summary>The outcomes, one for each time the call was finished. More than one is a double.</summary>
    public IReadOnlyList<CallFinish> Finishes { get; init; } = [];

    /// <summary>The changes of the outcome text, in order.</summary>
    public IReadOnlyList<CallChange> Changes { get; init; } = [];

    /// <summary>The outcome text: the last one that was sent; null for none.</summary>
    public string? Text { get; init; }
}

/// <summary>One entry that a finished call made.</summary>
/// <param name="Time">When the call was finished.</param>
/// <param name="Outcome">How the call ended, in the client's words.</param>
/// <param name="DurationSeconds">The duration in seconds.</param>
/// <param name="Text">The outcome text; null for none.</param>
public sealed record CallFinish(DateTimeOffset Time, string Outcome, int DurationSeconds, string? Text);

/// <summary>One change of the outcome text.</summary>
/// <param name="Time">When the text was changed.</param>
/// <param name="Text">The new text.</param>
public sealed record CallChange(DateTimeOffset Time, string Text);
