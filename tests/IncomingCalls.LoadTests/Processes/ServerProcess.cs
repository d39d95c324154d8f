using System.Diagnostics;
using System.Globalization;

namespace IncomingCalls.LoadTests;

/// <summary>A server as a separate process, pinned to the core for servers. It exits when its standard input is closed, so it never outlives this process.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>The first argument that makes this program a server.</summary>
    public const string ServerArgument = "serve";

    private static readonly TimeSpan WaitLimit = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly HttpClient _control = new() { Timeout = WaitLimit };

    private ServerProcess(Process process) => _process = process;

    /// <summary>The address of the server.</summary>
    public Uri Address => _control.BaseAddress!;

    /// <summary>The processor time that the server has used so far.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<ServerProcess> StartAsync(params IEnumerable<string> arguments)
    {
        string[] command = [.. CpuAffinity.ServerCommandPrefix, Environment.ProcessPath!, .. LibraryArguments(), ServerArgument, .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        // Calls are counted from the first one on, so that all methods reach the last compilation tier during the warm-up.
        start.Environment["DOTNET_TC_CallCountingDelayMs"] = "0";
        var server = new ServerProcess(Process.Start(start)!);
        try
        {
            CpuAffinity.PinServer(server._process);
            var address = await server._process.StandardOutput.ReadLineAsync().WaitAsync(WaitLimit);
            server._control.BaseAddress = new(address ?? throw new InvalidOperationException($"A server exited before it listened: {string.Join(' ', arguments)}"));
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the process, as a machine that fails does.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Stops the process as SIGTERM does, and does not wait for its end.</summary>
    public void Stop() => _process.StandardInput.Close();

    /// <summary>Pauses the process or continues it.</summary>
    public async Task SetPausedAsync(bool isPaused)
    {
        using var kill = Process.Start("kill", [isPaused ? "-STOP" : "-CONT", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits until the server has handled a number of notifications since its start.</summary>
    public Task WaitUntilAcknowledgedAsync(long count) => GetAsync($"/handled/{count}");

    /// <summary>Measures the memory of the server after a garbage collection, in bytes.</summary>
    public async Task<long> MeasureMemoryAsync() => long.Parse(await GetAsync("/memory"), CultureInfo.InvariantCulture);

    public async Task<string> GetAsync(string path) => await _control.GetStringAsync(new Uri(path, UriKind.Relative));

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        }
        catch (TimeoutException)
        {
            _process.Kill();
        }

        _process.Dispose();
        _control.Dispose();
    }

    /// <summary>The library to pass to the <c>dotnet</c> host; empty when the program is its own executable.</summary>
    private static string[] LibraryArguments() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(ServerProcess).Assembly.Location] : [];
}

/// <summary>Pins servers and the load generator to different cores, where there are at least two.</summary>
internal static class CpuAffinity
{
    private static readonly bool HasTaskset =
        OperatingSystem.IsLinux() && Environment.ProcessorCount > 1 && File.Exists("/usr/bin/taskset");

    private static readonly int ServerCore = Environment.ProcessorCount - 1;

    /// <summary>The command that starts a server on its core; empty where the server is pinned after its start or not at all.</summary>
    public static IReadOnlyList<string> ServerCommandPrefix => HasTaskset ? ["taskset", "-c", ServerCore.ToString(CultureInfo.InvariantCulture)] : [];

    /// <summary>Pins a running server to its core.</summary>
    public static void PinServer(Process server)
    {
        if (OperatingSystem.IsWindows() && Environment.ProcessorCount > 1)
        {
            server.ProcessorAffinity = 1 << ServerCore;
        }
    }

    /// <summary>Pins this process, which generates the load, to the other cores.</summary>
    public static async Task PinLoadAsync()
    {
        using var self = Process.GetCurrentProcess();
        if (OperatingSystem.IsWindows() && Environment.ProcessorCount > 1)
        {
            self.ProcessorAffinity = (1 << ServerCore) - 1;
        }
        else if (HasTaskset)
        {
            // Of all threads, since the runtime has started some already.
            string[] arguments = ["-a", "-p", "-c", string.Create(CultureInfo.InvariantCulture, $"0-{ServerCore - 1}"), self.Id.ToString(CultureInfo.InvariantCulture)];
            using var taskset = Process.Start(new ProcessStartInfo("taskset", arguments) { RedirectStandardOutput = true })!;
            await taskset.WaitForExitAsync();
        }
    }
}
