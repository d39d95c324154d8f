using System.Diagnostics;
using System.Reflection;
using Xunit.Abstractions;

namespace IncomingCalls.AotSmoke.Tests;

public sealed class NativeExecutableTests(ITestOutputHelper output) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("incoming-calls-native-").FullName;

    [NativeToolchainFact]
    public async Task Publish_NativeExecutable_BuildsWithoutWarningsAndRingsOnce()
    {
        var project = typeof(NativeExecutableTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "AotSmokeProject").Value!;
        var published = await RunAsync("dotnet", "publish", project, "-c", "Release", "-o", _folder, "--artifacts-path", Path.Combine(_folder, "obj"));
        published.ExitCode.Should().Be(0, published.Output);
        published.Output.Should().NotContain("warning IL", "what is trimmed away would be missed only at the first call");

        var executable = Path.Combine(_folder, "IncomingCalls.AotSmoke" + (OperatingSystem.IsWindows() ? ".exe" : ""));
        output.WriteLine($"native executable: {new FileInfo(executable).Length / 1024.0 / 1024.0:F1} MiB");
        var run = await RunAsync(executable);

        run.ExitCode.Should().Be(0, run.Output);
        run.Output.Should().Contain("native: ok");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<ProcessRun> RunAsync(string file, params string[] arguments)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(8));
        var texts = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        await process.WaitForExitAsync(limit.Token);
        return new(process.ExitCode, texts[0] + texts[1]);
    }
}
