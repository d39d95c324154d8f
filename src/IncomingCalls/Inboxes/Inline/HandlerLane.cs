namespace IncomingCalls;

/// <summary>A handler sees the events of a call one after another: its lane lets one through at a time.</summary>
internal sealed class HandlerLane(CallHandlerRegistration handler)
{
    public CallHandlerRegistration Handler => handler;

    /// <summary>What those behind the first wait for; null while nobody ever was. Guarded by the call.</summary>
    public SemaphoreSlim? Semaphore { get; set; }

    /// <summary>How many are in it or wait for it; guarded by the call.</summary>
    public int Users { get; set; }
}
