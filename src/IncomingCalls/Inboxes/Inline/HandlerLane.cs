namespace IncomingCalls;

/// <summary>A handler sees the events of a call one after another: its lane lets one through at a time.</summary>
internal sealed class HandlerLane(CallHandlerRegistration handler)
{
    public CallHandlerRegistration Handler => handler;

    public SemaphoreSlim Turn { get; } = new(1, 1);

    /// <summary>How many are in it or wait for it; guarded by the call.</summary>
    public int Users { get; set; }
}
