using System.Diagnostics;
using System.Runtime.InteropServices;
using IncomingCalls.CrashTests.Desk;

namespace IncomingCalls.CrashTests.Driver;

/// <summary>A host as a process.</summary>
internal sealed partial class HostProcess : IAsyncDisposable
{
    private const int Terminate = 15;

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process _process;

    private HostProcess(ProcessStartInfo start)
    {
        _process = new() { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
    }

    public static HostProcess Start(DeskSettings settings)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(HostProcess).Assembly.Location, "host"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        settings.WriteTo(start.Environment);
        // Quick to start rather than quick to run: a life lasts a second.
        start.Environment["DOTNET_TieredCompilation"] = "1";
        start.Environment["DOTNET_TC_QuickJitForLoops"] = "1";
        var host = new HostProcess(start);
        host._process.Start();
        host._process.BeginOutputReadLine();
        host._process.BeginErrorReadLine();
        return host;
    }

    /// <summary>Kills the host, unless it dies by itself before.</summary>
    /// <param name="life">How long it may live.</param>
    /// <param name="fromReadiness">Whether that counts from the moment it is ready, rather than from its start.</param>
    /// <returns>Whether it died by itself.</returns>
    public async Task<bool> KillAfterAsync(TimeSpan life, bool fromReadiness)
    {
        var ended = _process.WaitForExitAsync();
        if (fromReadiness)
        {
            await Task.WhenAny(_ready.Task, ended);
        }

        var diedByItself = await Task.WhenAny(ended, Task.Delay(life, TimeProvider.System)) == ended;
        _process.Kill();
        await ended;
        return diedByItself;
    }

    /// <summary>Ends the host as a deployment does.</summary>
    public async Task StopAsync()
    {
        _ = Signal(_process.Id, Terminate);
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);

    private void Read(string? line)
    {
        if (line == DeskHost.Ready)
        {
            _ready.TrySetResult();
        }
        else if (line is not null)
        {
            // Errors of a host are the driver's: whoever reads the run must see them.
            Console.Error.WriteLine(line);
        }
    }
}
