using IncomingCalls.Wire;

namespace IncomingCalls.Tests.Hosting;

/// <summary>What a piece of code allocates, told the same on a busy machine.</summary>
internal static class AllocationMeter
{
    private const int Rounds = 1_000;

    /// <summary>
    /// The least of many short rounds: other tests run at the same time, and what they read may take the place of what was remembered
    /// (<see cref="KnownInstances"/>), or make the runtime compile.
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
