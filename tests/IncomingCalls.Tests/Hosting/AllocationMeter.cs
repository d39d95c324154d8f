using IncomingCalls.Wire;

namespace IncomingCalls.Tests.Hosting;

/// <summary>Measures the allocations of an action, independent of the load of the machine.</summary>
internal static class AllocationMeter
{
    /// <summary>So many that the runtime has replaced the code by the optimized one also on a busy machine, where it takes a while: that allocates less.</summary>
    private const int Rounds = 20_000;

    /// <summary>
    /// Gets the minimum of many short rounds: tests that run at the same time may evict cached entries (<see cref="KnownInstances"/>) or make the
    /// runtime compile.
    /// </summary>
    public static long BytesPerCall(Action action, int calls = 16)
    {
        action();
        return Enumerable.Range(0, Rounds).Min(_ => Measure(action, calls)) / calls;
    }

    private static long Measure(Action action, int calls)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < calls; i++)
        {
            action();
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
