using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Storage;

namespace IncomingCalls.PostgreSql.Engine;

/// <summary>The known due deliveries of one handler and destination, or instance, and how many this node has claimed. Not thread-safe.</summary>
internal sealed class ClaimLane(LaneGroup group, HandlerClaims handler, long turn)
{
    public LaneGroup Group => group;

    public HandlerClaims Handler => handler;

    /// <summary>The deliveries that wait, in the order in which they start.</summary>
    public LinkedList<DueDelivery> Waiting { get; } = [];

    /// <summary>The number of running claims.</summary>
    public int Running { get; private set; }

    /// <summary>When a claim of the lane has last ended or the lane was created, as a number that no other lane has.</summary>
    public long Turn { get; private set; } = turn;

    /// <summary>The time before which the lane has no further permit; null when it is open.</summary>
    public DateTimeOffset? ClosedUntil { get; set; }

    /// <summary>Whether there are more deliveries than are remembered.</summary>
    public bool HasMore { get; set; }

    /// <summary>Whether this node has claimed one since there are more. If it has not, the others are those of other nodes, and the regular looks are enough.</summary>
    public bool HasClaimed { get; set; }

    /// <summary>Whether nothing waits, runs or is closed, so that the lane need not be remembered.</summary>
    public bool IsIdle => Waiting.Count == 0 && Running == 0 && ClosedUntil is null;

    /// <summary>Starts the first delivery.</summary>
    public DueDelivery Start()
    {
        var delivery = Waiting.First!.Value;
        Waiting.RemoveFirst();
        Running++;
        handler.Running++;
        return delivery;
    }

    /// <summary>Ends a claim; other lanes with as many claims are before this one.</summary>
    public void End(long turn)
    {
        Running--;
        Turn = turn;
        handler.Running--;
    }

    /// <summary>Returns whether nothing waits any more although there is more to claim, and forgets that there is more.</summary>
    public bool TryDrain()
    {
        if (Waiting.Count > 0)
        {
            return false;
        }

        var isDrained = HasMore && HasClaimed;
        HasMore = HasClaimed = false;
        return isDrained;
    }
}

/// <summary>The running claims of a handler, and its lanes that may start another. Not thread-safe.</summary>
internal sealed class HandlerClaims
{
    /// <summary>Lanes with fewer running claims are first, so that those that hang stop no other. Among equals, the one that has waited for longer is first.</summary>
    public static readonly Comparer<ClaimLane> Order = Comparer<ClaimLane>.Create(static (x, y) => (x.Running, x.Turn).CompareTo((y.Running, y.Turn)));

    /// <summary>The open lanes with waiting deliveries and fewer claims than a lane may have. A lane is removed while the values change by which it is sorted.</summary>
    public SortedSet<ClaimLane> Ready { get; } = new(Order);

    /// <summary>The number of running claims.</summary>
    public int Running { get; set; }

    /// <summary>The time before which no lane has a further permit.</summary>
    public DateTimeOffset ClosedUntil { get; set; }
}
