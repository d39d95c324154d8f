using System.Runtime.InteropServices;

namespace IncomingCalls.CrashTests;

/// <summary>Signals of the operating system, as kill(2) sends them.</summary>
internal static partial class Signals
{
    private const int SigKill = 9;
    private const int SigTerm = 15;
    private const int SigStop = 19;
    private const int SigStopOfMac = 17;
    private const int SigContinue = 18;
    private const int SigContinueOfMac = 19;

    /// <summary>Kills a process without a chance to clean up. When a process sends it to itself, the call does not return.</summary>
    public static void Kill(int processId) => Send(processId, SigKill);

    /// <summary>Asks a process to stop.</summary>
    public static void Terminate(int processId) => Send(processId, SigTerm);

    /// <summary>Pauses a process: it holds its resources and does nothing.</summary>
    public static void Pause(int processId) => Send(processId, OperatingSystem.IsMacOS() ? SigStopOfMac : SigStop);

    /// <summary>Resumes a paused process.</summary>
    public static void Resume(int processId) => Send(processId, OperatingSystem.IsMacOS() ? SigContinueOfMac : SigContinue);

    /// <summary>Sends a signal. A process that has exited meanwhile is not an error.</summary>
    private static void Send(int processId, int signal) => _ = SendSignal(processId, signal);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int processId, int signal);
}
