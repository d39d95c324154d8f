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
