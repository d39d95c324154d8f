using System.Runtime.InteropServices;

namespace IncomingCalls.CrashTests.Tests.Faults;

/// <summary>Limits the size of the files that a process writes: prlimit(2) with RLIMIT_FSIZE.</summary>
internal static partial class FileSizeLimit
{
    private const int FileSizeResource = 1;

    /// <summary>Runs a host that ignores the signal SIGXFSZ, which by default ends a process that exceeds the limit.</summary>
    public static readonly IReadOnlyList<string> HostWrapper = ["sh", "-c", "trap '' XFSZ; exec \"$@\"", "sh"];

    /// <summary>Sets the limit, in bytes.</summary>
    public static void Set(int processId, long bytes) => Change(processId, new() { Soft = (ulong)bytes, Hard = ulong.MaxValue });

    public static void Lift(int processId) => Change(processId, new() { Soft = ulong.MaxValue, Hard = ulong.MaxValue });

    private static void Change(int processId, Limit limit) =>
        SetLimit(processId, FileSizeResource, limit, 0).Should().Be(0, "prlimit should work (error {0})", Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "prlimit64", SetLastError = true)]
    private static partial int SetLimit(int processId, int resource, in Limit limit, nint old);

    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
