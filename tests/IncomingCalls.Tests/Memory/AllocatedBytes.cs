namespace IncomingCalls.Tests.Memory;

/// <summary>What a piece of code allocates, told the same on a busy machine.</summary>
internal static class AllocatedBytes
{
    private const int Rounds = 5;

    /// <summary>
    /// The least of several rounds: a collection, which another test may bring about at any time, counts the rest of the thread's
    /// present kilobytes as allocated.
    /// </summary>
    public static long PerCall(Action action, int calls = 1_000)
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
