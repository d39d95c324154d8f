using System.Diagnostics;

namespace IncomingCalls.Packages.Tests;

/// <summary>A command that ran to its end.</summary>
internal sealed record ProcessRun(int ExitCode, string Output)
{
    public static Task<ProcessRun> RunDotnetAsync(string folder, params string[] arguments) =>
        RunAsync(folder, Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", arguments);

    public static async Task<ProcessRun> RunAsync(string folder, string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        // A server that outlives its build would keep our streams open.
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        start.Environment["DOTNET_CLI_USE_MSBUILD_SERVER"] = "0";
        // What `dotnet test` tells its own children is not for this one.
        start.Environment.Remove("MSBuildSDKsPath");
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(8));
        var texts = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        await process.WaitForExitAsync(limit.Token);
        return new(process.ExitCode, texts[0] + texts[1]);
    }

    /// <summary>The run, if it succeeded.</summary>
    public ProcessRun EnsureSucceeded()
    {
        ExitCode.Should().Be(0, Output);
        return this;
    }
}
