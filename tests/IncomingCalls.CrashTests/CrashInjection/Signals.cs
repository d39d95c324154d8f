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

    /// <summary>Ends a process without a word. Sent to oneself, the call does not return.</summary>
    public static void Kill(int processId) => Send(processId, SigKill);

    /// <summary>Asks a process to end.</summary>
    public static void Terminate(int processId) => Send(processId, SigTerm);

    /// <summary>Lets a process hang: it holds what it has, and does nothing.</summary>
    public static void Pause(int processId) => Send(processId, OperatingSystem.IsMacOS() ? SigStopOfMac : SigStop);

    /// <summary>Lets a process that hangs go on.</summary>
    public static void Resume(int processId) => Send(processId, OperatingSystem.IsMacOS() ? SigContinueOfMac : SigContinue);

    /// <summary>A process that has just ended by itself is no error.</summary>
    private static void Send(int processId, int signal) => _ = SendSignal(processId, signal);

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int processId, int signal);
}
