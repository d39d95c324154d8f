using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace IncomingCalls.Inboxes;

/// <summary>
/// What a durable inbox keeps of one call: everything that was reported of it, and what its handlers are still owed. It is
/// written as a whole, before anything is acknowledged; <see cref="InboxServices"/> makes the next one out of it.
/// </summary>
[Experimental("ICEXP001")]
public sealed record KeptCall
{
    /// <summary>What was reported.</summary>
    public required CallHistory History { get; init; }

    /// <summary>The events that not every handler has handled, oldest first.</summary>
    public IReadOnlyList<OwedEvent> Owed { get; init; } = [];

    /// <summary>When an outcome has been awaited long enough, in UTC; null when none is awaited.</summary>
    public DateTimeOffset? OutcomeDueAt { get; init; }

    /// <summary>When something new was last reported, in UTC: repeats are recognised for a time from here on.</summary>
    public required DateTimeOffset TouchedAt { get; init; }

    /// <summary>How many pairs of event and handler are owed.</summary>
    [JsonIgnore]
    public int OwedCount => Owed.Sum(owed => owed.Handlers.Count);

    /// <summary>Since when the oldest owed event waits, in UTC; null when none does.</summary>
    [JsonIgnore]
    public DateTimeOffset? WaitingSince => Owed.Count == 0 ? null : Owed.Min(owed => owed.Event.ReceivedAt);

    /// <summary>When there is something to do, in UTC; null when the call is finished.</summary>
    [JsonIgnore]
    public DateTimeOffset? DueAt
    {
        get
        {
            var due = OutcomeDueAt;
            if (Owed.Count == 0)
            {
                return due;
            }

            if (Owed.Count == 1)
            {
                // Nearly every call, and asked several times per step: by place, and no runs are made for it.
                var handlers = Owed[0].Handlers;
                for (var i = 0; i < handlers.Count; i++)
                {
                    due = due < handlers[i].DueAt ? due : handlers[i].DueAt;
                }

                return due;
            }

            foreach (var run in NextRuns())
            {
                due = due < run.Handler.DueAt ? due : run.Handler.DueAt;
            }

            return due;
        }
    }

    /// <summary>The runs whose time has come.</summary>
    /// <param name="now">The time, in UTC.</param>
    /// <returns>At most one run per handler, since a handler sees the events of a call one after another.</returns>
    public IEnumerable<HandlerRun> DueRuns(DateTimeOffset now) => Owed.Count == 0 ? [] : NextRuns().Where(run => run.Handler.DueAt <= now);

    private List<HandlerRun> NextRuns()
    {
        List<HandlerRun> runs = [];
        foreach (var owed in Owed)
        {
            foreach (var handler in owed.Handlers)
            {
                if (!runs.Exists(run => run.Handler.Name == handler.Name))
                {
                    runs.Add(new() { Owed = owed, Handler = handler });
                }
            }
        }

        return runs;
    }
}
