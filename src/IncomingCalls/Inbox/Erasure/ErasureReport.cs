namespace IncomingCalls;

/// <summary>
/// What was erased, when and by whom. It contains no phone number: a person is recorded as a salted hash. Somebody who tries all numbers can find the one with that hash, so the report is personal data. The inbox stores it, discards notifications of an earlier time by it, and
/// carries it out again after a backup was restored, see <see cref="ICallInboxAdministration.RepeatErasureAsync"/>.
/// </summary>
/// <remarks>It is serialized with <see cref="IncomingCallsJson.DefaultOptions"/>.</remarks>
public sealed record ErasureReport
{
    /// <summary>The id of the erasure. Repeating it does not change the id.</summary>
    public required Guid Id { get; init; }

    /// <summary>When the erasure was requested, in UTC. What was received later is not erased, and notifications with an earlier timestamp are discarded.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who has requested it; null if that is not known.</summary>
    public string? PerformedBy { get; init; }

    /// <summary>The instance whose data was erased; null when it was the data of a person.</summary>
    public long? IdInstance { get; init; }

    /// <summary>The account that the person belongs to; null when the instances have none, or when an instance was erased.</summary>
    public string? Account { get; init; }

    /// <summary>The salt of <see cref="Callers"/>, in hexadecimal; null when an instance was erased.</summary>
    public string? Salt { get; init; }

    /// <summary>The hashes of the ids of the person, in hexadecimal: of the given one, and of the linked ids and the phone number that the inbox knew to be of the same person.</summary>
    public IReadOnlyList<string> Callers { get; init; } = [];

    /// <summary>
    /// Whether all was deleted. If not, the erasure was interrupted, or a running attempt of a handler holds an event; repeat it with <see cref="ICallInboxAdministration.RepeatErasureAsync"/>.
    /// </summary>
    public bool IsComplete { get; init; }

    /// <summary>What was deleted, all repetitions together.</summary>
    public ErasureCounts Counts { get; init; } = new();
}

/// <summary>What an erasure has deleted, by category.</summary>
public sealed record ErasureCounts
{
    /// <summary>The number of calls, and of events of closed callbacks.</summary>
    public int Calls { get; init; }

    /// <summary>The number of pending deliveries.</summary>
    public int Deliveries { get; init; }

    /// <summary>The number of dead letters.</summary>
    public int DeadLetters { get; init; }

    /// <summary>The number of notifications in the quarantine.</summary>
    public int Quarantined { get; init; }

    /// <summary>The number of names and phone numbers of callers.</summary>
    public int Names { get; init; }

    /// <summary>The number of values of handlers.</summary>
    public int HandlerValues { get; init; }

    /// <summary>The number of persons, with their open callbacks.</summary>
    public int Persons { get; init; }

    /// <summary>The number of entries of the administration log, whose text can contain a number that an operator has typed.</summary>
    public int LogEntries { get; init; }

    /// <summary>The sum of all categories.</summary>
    public int Total => Calls + Deliveries + DeadLetters + Quarantined + Names + HandlerValues + Persons + LogEntries;

    /// <summary>Adds two counts.</summary>
    /// <param name="first">The first.</param>
    /// <param name="second">The second.</param>
    /// <returns>The sum, by category.</returns>
    public static ErasureCounts operator +(ErasureCounts first, ErasureCounts second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        return new()
        {
            Calls = first.Calls + second.Calls,
            Deliveries = first.Deliveries + second.Deliveries,
            DeadLetters = first.DeadLetters + second.DeadLetters,
            Quarantined = first.Quarantined + second.Quarantined,
            Names = first.Names + second.Names,
            HandlerValues = first.HandlerValues + second.HandlerValues,
            Persons = first.Persons + second.Persons,
            LogEntries = first.LogEntries + second.LogEntries,
        };
    }

    /// <summary>Adds two counts.</summary>
    /// <param name="other">The other.</param>
    /// <returns>The sum, by category.</returns>
    public ErasureCounts Add(ErasureCounts other) => this + other;
}
