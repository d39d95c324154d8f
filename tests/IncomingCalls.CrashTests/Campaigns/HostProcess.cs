using System.Diagnostics;
using System.Text;

namespace IncomingCalls.CrashTests;

/// <summary>A host that runs as a separate process and is observed through its output only.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private const int ExitCodeOfSigKill = 128 + 9;

    private readonly TaskCompletionSource<Uri?> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _stopRequested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<string> _log = [];
    private readonly Process _process;

    private HostProcess(int runNumber, ProcessStartInfo start)
    {
        RunNumber = runNumber;
        _process = new() { StartInfo = start };
        _process.OutputDataReceived += (_, line) => OnOutputLine(line.Data);
        _process.ErrorDataReceived += (_, line) => OnLogLine(line.Data);
    }

    /// <summary>The address of the host, available once both transports run; null when it exited before that.</summary>
    public Task<Uri?> Address => _address.Task;

    /// <summary>Completes when the host has asked itself to stop, at a crash point.</summary>
    public Task StopRequested => _stopRequested.Task;

    /// <summary>The number of this run among those that work on the folder.</summary>
    public int RunNumber { get; }

    public int Id => _process.Id;

    public bool IsKilled => _process.ExitCode == ExitCodeOfSigKill;

    public bool HasExited => _process.HasExited;

    public int ExitCode => _process.ExitCode;

    /// <summary>The lines that the host has logged so far.</summary>
    public IReadOnlyList<string> Log
    {
        get
        {
            lock (_log)
            {
                return [.. _log];
            }
        }
    }

    /// <param name="settings">The settings of the host.</param>
    /// <param name="wrapper">A command that runs the host, such as one that drops rights; null for none.</param>
    public static HostProcess Start(HostSettings settings, IReadOnlyList<string>? wrapper = null) =>
        Start(settings.RunNumber, [.. wrapper ?? [], .. HostCommand.Default, .. settings.ToArguments()]);

    /// <param name="runNumber">The number of the run.</param>
    /// <param name="command">The program to run, and its arguments.</param>
    public static HostProcess Start(int runNumber, IReadOnlyList<string> command)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true, StandardErrorEncoding = Encoding.UTF8 };
        start.Environment["DOTNET_TieredPGO"] = "0";
        var host = new HostProcess(runNumber, start);
        host._process.Start();
        host._process.BeginOutputReadLine();
        host._process.BeginErrorReadLine();
        return host;
    }

    public void Kill() => Signals.Kill(_process.Id);

    public void Pause() => Signals.Pause(_process.Id);

    public void Resume() => Signals.Resume(_process.Id);

    public void Terminate() => Signals.Terminate(_process.Id);

    /// <summary>Waits until the process has exited and its output is read.</summary>
    public async Task WaitForExitAsync(CancellationToken cancellationToken = default)
    {
        await _process.WaitForExitAsync(cancellationToken);
        _address.TrySetResult(null);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        await WaitForExitAsync();
        _process.Dispose();
    }

    private void OnOutputLine(string? line)
    {
        if (line?.StartsWith(CallHost.ListeningPrefix, StringComparison.Ordinal) == true)
        {
            _address.TrySetResult(new(line[CallHost.ListeningPrefix.Length..]));
        }
        else if (line == CallHost.StopRequested)
        {
            _stopRequested.TrySetResult();
        }
        else if (line is null)
        {
            _address.TrySetResult(null);
        }
    }

    private void OnLogLine(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_log)
        {
            _log.Add(line);
        }
    }
}

/// <summary>The command that starts this program as a host.</summary>
internal static class HostCommand
{
    /// <summary>The program to run, and its first arguments.</summary>
    public static IReadOnlyList<string> Default { get; } = Find("IncomingCalls.CrashTests");

    /// <summary>Finds the same for another program that is both killer and host.</summary>
    public static IReadOnlyList<string> Find(string name)
    {
        var folder = AppContext.BaseDirectory;
        var library = Path.Combine(folder, $"{name}.dll");
        // Without a library the program was published as native code.
        return File.Exists(library)
            ? [Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", library, "host"]
            : [Path.Combine(folder, name), "host"];
    }
}
