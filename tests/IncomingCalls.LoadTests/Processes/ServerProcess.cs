using System.Diagnostics;
using System.Globalization;

namespace IncomingCalls.LoadTests;

/// <summary>A server as a process of its own, on the server's core. It ends when its standard input does, so none outlives this one.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    /// <summary>What the first argument is when this program is to be a server.</summary>
    public const string ServerArgument = "serve";

    private static readonly TimeSpan WaitLimit = TimeSpan.FromMinutes(5);

    private readonly Process _process;
    private readonly HttpClient _control = new() { Timeout = WaitLimit };

    private ServerProcess(Process process) => _process = process;

    /// <summary>Where it listens.</summary>
    public Uri Address => _control.BaseAddress!;

    /// <summary>The processor time that it has taken so far.</summary>
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
        // Methods are counted from their first call on, so that all of them are compiled for good while the server is warmed up.
        start.Environment["DOTNET_TC_CallCountingDelayMs"] = "0";
        var server = new ServerProcess(Process.Start(start)!);
        try
        {
            CpuAffinity.PinServer(server._process);
            var address = await server._process.StandardOutput.ReadLineAsync().WaitAsync(WaitLimit);
            server._control.BaseAddress = new(address ?? throw new InvalidOperationException($"A server ended at once: {string.Join(' ', arguments)}"));
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until it has handled that many notifications in all.</summary>
    public Task WaitUntilHandledAsync(long count) => GetAsync($"/handled/{count}");

    /// <summary>Its memory in bytes, after a collection.</summary>
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

    /// <summary>The program is started as the muxer with a library, or as itself.</summary>
    private static string[] LibraryArguments() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(ServerProcess).Assembly.Location] : [];
}

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
