using System.Text.Json.Serialization;
using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>What a call's grain writes: the call, dead letters on their way to the shelf, and where the call is noted while there is something to do.</summary>
[JsonConverter(typeof(CallRecordJsonConverter))]
internal sealed record CallRecord
{
    public KeptCall? Call { get; init; }

    /// <summary>
    /// Dead letters that the shelf does not have yet. They are written with the call that forgets their events, so that neither
    /// is without the other.
    /// </summary>
    public IReadOnlyList<DeadEvent> DeadLetters { get; init; } = [];

    /// <summary>The bucket that wakes the call when it is due; null while there is nothing to do.</summary>
    public int? Bucket { get; init; }

    /// <summary>Counts the entries in buckets: what an earlier one reports means nothing to a later one.</summary>
    public long Ticket { get; init; }

    /// <summary>When there is something to do, in UTC; null when there is nothing.</summary>
    public DateTimeOffset? DueAt => DeadLetters.Count > 0 ? DeadLetters[0].FailedAt : Call?.DueAt;

    /// <summary>The record after a step of the call.</summary>
    /// <param name="step">The step.</param>
    /// <param name="freshBucket">Names the bucket of a call that has none and needs one.</param>
    public CallRecord After(KeptCallStep step, Func<int> freshBucket)
    {
        if (!step.IsChange)
        {
            return this;
        }

        var next = this with { Call = step.Call, DeadLetters = step.DeadLetter is { } letter ? [.. Without(letter).DeadLetters, letter] : DeadLetters };
        return next.Noted(freshBucket);
    }

    /// <summary>The record once the shelf has a dead letter, or its event is owed again.</summary>
    public CallRecord Without(DeadEvent letter) =>
        this with { DeadLetters = [.. DeadLetters.Where(other => other.Event.Id != letter.Event.Id || other.Handler != letter.Handler)] };

    /// <summary>The record with a bucket exactly while there is something to do.</summary>
    public CallRecord Noted(Func<int> freshBucket) =>
        DueAt is null ? this with { Bucket = null }
        : Bucket is null ? this with { Bucket = freshBucket(), Ticket = Ticket + 1 }
        : this;

    /// <summary>What the bucket knows of the call; null when there is nothing to do.</summary>
    public DueCall? ToDue() => DueAt is not { } dueAt ? null : new()
    {
        Ticket = Ticket,
        DueAt = dueAt,
        Owed = Call?.OwedCount ?? 0,
        Since = Call?.WaitingSince,
    };
}
