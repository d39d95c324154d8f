using System.Text.Json.Serialization;
using IncomingCalls.Inbox;

namespace IncomingCalls.Orleans.State;

/// <summary>What a call's grain writes: the call, dead letters on their way to the shelf, and where the call is noted while there is something to do.</summary>
[JsonConverter(typeof(CallGrainStateJsonConverter))]
internal sealed record CallGrainState
{
    public CallState? Call { get; init; }

    /// <summary>
    /// Dead letters that the shelf does not have yet. They are written with the call that forgets their events, so that neither
    /// is without the other.
    /// </summary>
    public IReadOnlyList<DeadLetterEntry> DeadLetters { get; init; } = [];

    /// <summary>The bucket that wakes the call when it is due; null while there is nothing to do.</summary>
    public int? Bucket { get; init; }

    /// <summary>Counts the entries in buckets: what an earlier one reports means nothing to a later one.</summary>
    public long Generation { get; init; }

    /// <summary>When there is something to do, in UTC; null when there is nothing.</summary>
    public DateTimeOffset? DueAt => DeadLetters.Count > 0 ? DeadLetters[0].FailedAt : Call?.DueAt;

    /// <summary>The record after a step of the call.</summary>
    /// <param name="step">The step.</param>
    /// <param name="freshBucket">Names the bucket of a call that has none and needs one.</param>
    public CallGrainState WithTransition(StateTransition step, Func<int> freshBucket)
    {
        if (!step.IsChange)
        {
            return this;
        }

        var next = this with { Call = step.State, DeadLetters = step.DeadLetter is { } letter ? [.. WithoutDeadLetter(letter).DeadLetters, letter] : DeadLetters };
        return next.WithBucket(freshBucket);
    }

    /// <summary>The record once the shelf has a dead letter, or its event is owed again.</summary>
    public CallGrainState WithoutDeadLetter(DeadLetterEntry letter) =>
        this with { DeadLetters = [.. DeadLetters.Where(other => other.Event.Id != letter.Event.Id || other.Handler != letter.Handler)] };

    /// <summary>The record with a bucket exactly while there is something to do.</summary>
    public CallGrainState WithBucket(Func<int> freshBucket) =>
        DueAt is null ? this with { Bucket = null }
        : Bucket is null ? this with { Bucket = freshBucket(), Generation = Generation + 1 }
        : this;

    /// <summary>What the bucket knows of the call; null when there is nothing to do.</summary>
    public WakeUpEntry? ToWakeUpEntry() => DueAt is not { } dueAt ? null : new()
    {
        Generation = Generation,
        DueAt = dueAt,
        PendingCount = Call?.PendingCount ?? 0,
        OldestPendingAt = Call?.OldestPendingAt,
    };
}
