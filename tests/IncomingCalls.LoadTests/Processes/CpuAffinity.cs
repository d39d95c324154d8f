using System.Diagnostics;
using System.Globalization;

namespace IncomingCalls.LoadTests;

/// <summary>Keeps servers and the load generator off each other's cores, where there are two.</summary>
internal static class CpuAffinity
{
    private static readonly bool HasTaskset =
        OperatingSystem.IsLinux() && Environment.ProcessorCount > 1 && File.Exists("/usr/bin/taskset");

    private static readonly int ServerCore = Environment.ProcessorCount - 1;

    /// <summary>The command that starts a server on its core; empty where that is done afterwards, or not at all.</summary>
    public static IReadOnlyList<string> ServerCommandPrefix => HasTaskset ? ["taskset", "-c", ServerCore.ToString(CultureInfo.InvariantCulture)] : [];

    /// <summary>Keeps a server that runs already on its core.</summary>
    public static void PinServer(Process server)
    {
        if (OperatingSystem.IsWindows() && Environment.ProcessorCount > 1)
        {
            server.ProcessorAffinity = 1 << ServerCore;
        }
    }

    /// <summary>Keeps this process, which generates the load, on the other cores.</summary>
    public static async Task PinLoadAsync()
    {
        using var self = Process.GetCurrentProcess();
        if (OperatingSystem.IsWindows() && Environment.ProcessorCount > 1)
        {
            self.ProcessorAffinity = (1 << ServerCore) - 1;
        }
        else if (HasTaskset)
        {
            // All threads: the runtime has some already.
            string[] arguments = ["-a", "-p", "-c", string.Create(CultureInfo.InvariantCulture, $"0-{ServerCore - 1}"), self.Id.ToString(CultureInfo.InvariantCulture)];
            using var taskset = Process.Start(new ProcessStartInfo("taskset", arguments) { RedirectStandardOutput = true })!;
            await taskset.WaitForExitAsync();
        }
    }
}
