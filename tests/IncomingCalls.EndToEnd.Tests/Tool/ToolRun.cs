using System.Diagnostics;
using System.Reflection;

namespace IncomingCalls.EndToEnd.Tests.Tool;

/// <summary>Runs the command line tool as a user does.</summary>
internal static class ToolRun
{
    private static readonly TimeSpan RunTimeout = TimeSpan.FromSeconds(60);

    private static readonly string Program = typeof(ToolRun).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "ToolProgram").Value!;

    /// <summary>Runs a command until it exits.</summary>
    /// <returns>A task whose result is the exit code and the whole output.</returns>
    public static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments.Prepend(Program))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var streams = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var limit = new CancellationTokenSource(RunTimeout);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }

        return (process.ExitCode, string.Concat(await streams));
    }
}
