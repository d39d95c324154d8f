using System.Diagnostics;
using System.Text;
using IncomingCalls.OutputCapture;

namespace IncomingCalls.Processes;

/// <summary>A sample that runs as a separate process and listens on the loopback address.</summary>
public sealed class SampleProcess : IAsyncDisposable
{
    private const string ListeningPrefix = "Now listening on: ";

    private static readonly TimeSpan WaitLimit = TimeSpan.FromMinutes(2);

    private readonly TaskCompletionSource<Uri> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StringBuilder _output = new();
    private readonly List<(string Text, TaskCompletionSource<string> Found)> _awaited = [];
    private readonly Process _process;

    private SampleProcess(ProcessStartInfo start)
    {
        _process = new() { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += (_, line) => OnOutputLine(line.Data);
        _process.ErrorDataReceived += (_, line) => OnOutputLine(line.Data);
        _process.Exited += (_, _) => _address.TrySetException(new InvalidOperationException($"{start.ArgumentList[0]} exited before it listened: {Output}"));
    }

    /// <summary>Everything that the process has written to its output and error streams.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>
    /// Starts a program with a folder as its content root, with the <c>appsettings.json</c> that the program is built with. Settings are passed on the
    /// command line, variables in the environment.
    /// </summary>
    public static SampleProcess Start(
        string program, string folder, IReadOnlyDictionary<string, string>? settings = null, IReadOnlyDictionary<string, string>? variables = null)
    {
        CopySettingsFile(program, folder);
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (settings ?? new Dictionary<string, string>()).Select(setting => $"--{setting.Key}={setting.Value}").Prepend(program))
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        foreach (var (name, value) in variables ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        var sample = new SampleProcess(start);
        sample._process.Start();
        sample._process.BeginOutputReadLine();
        sample._process.BeginErrorReadLine();
        return sample;
    }

    /// <summary>Waits until the process listens; the result is its address.</summary>
    public Task<Uri> WaitUntilListeningAsync() => _address.Task.WaitAsync(WaitLimit);

    /// <summary>Waits until the process writes a line that contains a text. Call it before the action that causes the line.</summary>
    public Task<string> WaitForLineAsync(string text)
    {
        var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_output)
        {
            _awaited.Add((text, found));
        }

        return found.Task.WaitAsync(WaitLimit);
    }

    /// <summary>Waits until the process has exited and its output is read; the result is its exit code.</summary>
    public async Task<int> WaitForExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(WaitLimit);
        return _process.ExitCode;
    }

    /// <summary>Kills the process.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static void CopySettingsFile(string program, string folder)
    {
        const string Name = "appsettings.json";
        var (source, target) = (Path.Combine(Path.GetDirectoryName(program)!, Name), Path.Combine(folder, Name));
        if (File.Exists(source) && !File.Exists(target))
        {
            File.Copy(source, target);
        }
    }

    private void OnOutputLine(string? line)
    {
        if (line is null)
        {
            return;
        }

        OutputRecorder.RecordProcessLine(line);
        lock (_output)
        {
            _output.AppendLine(line);
            foreach (var (_, found) in _awaited.Where(awaited => line.Contains(awaited.Text, StringComparison.Ordinal)))
            {
                found.TrySetResult(line);
            }
        }

        if (line.Split(ListeningPrefix) is [_, var address])
        {
            _address.TrySetResult(new(address));
        }
    }
}
