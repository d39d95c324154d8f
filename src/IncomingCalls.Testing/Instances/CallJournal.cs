namespace IncomingCalls.Testing.Instances;

/// <summary>The journals of one instance: the calls that have ended. Documented: at most the last 10,000 of each direction. Thread-safe.</summary>
internal sealed class CallJournal(TimeProvider time)
{
    private const int MaxCalls = 10_000;

    private readonly Lock _gate = new();
    private readonly List<JournalEntry> _entries = [];

    /// <summary>Adds a call.</summary>
    /// <param name="entry">The call.</param>
    /// <param name="previous">The entry of the same call that is replaced: a call has one entry, with its last outcome. Null for none.</param>
    public void Record(JournalEntry entry, JournalEntry? previous)
    {
        lock (_gate)
        {
            if (previous is not null)
            {
                _entries.Remove(previous);
            }

            _entries.Add(entry);
        }
    }

    /// <summary>Gets the calls that ended within a time, newest first (assumed).</summary>
    public IReadOnlyList<JournalEntry> Find(CallDirection direction, TimeSpan age)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            return [.. _entries
                .Where(entry => entry.Direction == direction && entry.VisibleFrom <= now)
                .OrderByDescending(entry => entry.EndedAt)
                .Take(MaxCalls)
                .Where(entry => now - entry.EndedAt <= age)];
        }
    }
}

/// <summary>A call in the journal.</summary>
internal sealed class JournalEntry
{
    public required CallDirection Direction { get; init; }

    public required string IdMessage { get; init; }

    public required string ChatId { get; init; }

    public required string Status { get; init; }

    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>When the entry appears in the journal.</summary>
    public required DateTimeOffset VisibleFrom { get; init; }

    public required bool IsVideo { get; init; }

    public required bool IsGroup { get; init; }

    /// <summary>The duration of the conversation; zero when the call was not answered.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>The called accounts of an outgoing call.</summary>
    public required IReadOnlyList<string> Participants { get; init; }
}
