using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>A call as a transaction sees it.</summary>
internal sealed class LoadedCall(CallKey key, long rowId, CallState? state)
{
    public CallKey Key => key;

    /// <summary>The row; 0 while there is none.</summary>
    public long RowId { get; set; } = rowId;

    /// <summary>The call; null for one never heard of.</summary>
    public CallState? State { get; private set; } = state;

    /// <summary>Whether anything has to be written.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>Whether something new was reported of it: handlers at work change what is owed and no more.</summary>
    public bool HasNewFacts { get; private set; }

    public void Change(CallState after)
    {
        HasNewFacts |= !ReferenceEquals(State?.History, after.History);
        IsChanged = true;
        State = after;
    }
}
