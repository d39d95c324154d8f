using System.Runtime;

namespace IncomingCalls.LoadTests;

/// <summary>The memory of this process, once what is garbage is gone.</summary>
internal static class ResidentMemory
{
    public static long MeasureAfterCollection()
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        // Aggressive: pages that hold nothing go back to the system, so that they do not count.
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return Environment.WorkingSet;
    }
}
