using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>A call that is being worked on. All but <see cref="Current"/> belongs to the writer's thread.</summary>
internal sealed class ActiveCall(CallKey key, long rowId, CallState current)
{
    private volatile CallState _current = current;

    public CallKey Key => key;

    public long RowId => rowId;

    /// <summary>The call as it is in the file.</summary>
    public CallState Current
    {
        get => _current;
        set => _current = value;
    }

    /// <summary>The handlers that are at work: each has one event of a call at a time.</summary>
    public HashSet<string> Running { get; } = [];

    /// <summary>Whether the policy is being asked about the missing outcome.</summary>
    public bool IsResolvingOutcome { get; set; }

    public bool IsIdle => Running.Count == 0 && !IsResolvingOutcome;
}
