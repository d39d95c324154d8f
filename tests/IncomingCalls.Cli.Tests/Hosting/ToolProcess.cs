using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using IncomingCalls.Cli.Output;
using IncomingCalls.OutputCapture;

namespace IncomingCalls.Cli.Tests.Hosting;

/// <summary>The tool as a separate process, which is observed through its arguments, its output and error streams, and its exit code.</summary>
internal sealed class ToolProcess : IAsyncDisposable
{
    private static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(60);

    private static readonly string Program = typeof(ToolProcess).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "ToolProgram").Value!;

    private static readonly string Host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private readonly ConcurrentQueue<string> _lines = new();
    private readonly SemaphoreSlim _lineAvailable = new(0);
    private readonly Process _process;
    private readonly Task<string> _errorTask;
    private readonly Task _readTask;

    private ToolProcess(Process process)
    {
        _process = process;
        _errorTask = process.StandardError.ReadToEndAsync();
        _readTask = ReadOutputAsync();
    }

    /// <summary>Runs a command until it exits.</summary>
    public static async Task<ToolResult> RunAsync(params string[] arguments)
    {
        await using var tool = Start(arguments);
        return await tool.WaitForExitAsync();
    }

    public static ToolProcess Start(params string[] arguments) => Start(new Dictionary<string, string>(), arguments);

    public static ToolProcess Start(IReadOnlyDictionary<string, string> variables, params string[] arguments)
    {
        var start = new ProcessStartInfo(Host, arguments.Prepend(Program))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in variables)
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start)!);
    }

    /// <summary>Starts a command whose output is piped into a shell command; its exit code is the last line of the error stream.</summary>
    public static ToolProcess StartPiped(string reader, params string[] arguments)
    {
        string[] shell = ["-c", $"{{ \"$@\"; echo \"exit $?\" >&2; }} | {reader}", "sh", Host, Program, .. arguments];
        return new(Process.Start(new ProcessStartInfo("sh", shell) { RedirectStandardOutput = true, RedirectStandardError = true })!);
    }

    /// <summary>Waits for the next line of the output that matches; lines that were read before are not returned again.</summary>
    public async Task<string> ReadLineAsync(Func<string, bool>? matches = null)
    {
        using var limit = new CancellationTokenSource(WaitLimit);
        while (true)
        {
            await _lineAvailable.WaitAsync(limit.Token);
            if (!_lines.TryDequeue(out var line))
            {
                throw new InvalidOperationException($"The tool exited before it wrote the line: {await _errorTask}");
            }

            if (matches?.Invoke(line) != false)
            {
                return line;
            }
        }
    }

    /// <summary>Sends INT, as Ctrl+C does, or TERM. Where INT is ignored, TERM is sent instead.</summary>
    public async Task SendSignalAsync(string name)
    {
        using var kill = Process.Start("sh", ["-c", $"kill -{(IsInterruptIgnored() ? "TERM" : name)} {_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Whether INT is ignored: the child processes of a script in the background ignore it, as POSIX requires, and so does the tool.</summary>
    private static bool IsInterruptIgnored()
    {
        const int Interrupt = 2;
        const string Field = "SigIgn:";
        return File.Exists("/proc/self/status")
            && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal)) is { } ignored
            && (ulong.Parse(ignored[Field.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & (1UL << (Interrupt - 1))) != 0;
    }

    /// <summary>Waits until the tool has exited.</summary>
    /// <returns>A task whose result contains the exit code, the lines that were not read yet, and the error stream.</returns>
    public async Task<ToolResult> WaitForExitAsync()
    {
        using var limit = new CancellationTokenSource(WaitLimit);
        await _process.WaitForExitAsync(limit.Token);
        await _readTask;
        var error = await _errorTask;
        OutputRecorder.RecordProcessLine(error);
        return new() { ExitCode = _process.ExitCode, Lines = [.. _lines], Error = error };
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        await _readTask;
        _process.Dispose();
        _lineAvailable.Dispose();
    }

    private async Task ReadOutputAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _lines.Enqueue(line);
            _lineAvailable.Release();
        }

        // One release more than there are lines, so that a waiting reader notices the end of the output.
        _lineAvailable.Release();
    }
}

/// <summary>The result of a command.</summary>
internal sealed class ToolResult
{
    public required int ExitCode { get; init; }

    public required IReadOnlyList<string> Lines { get; init; }

    public required string Error { get; init; }

    public string Output => string.Join('\n', Lines);

    public IReadOnlyList<JsonElement> Json => [.. Lines.Select(Parse)];

    public static JsonElement Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        return document.RootElement.Clone();
    }

    /// <summary>Asserts the documented form of a failure: one sentence on the error stream, no stack trace, and no output.</summary>
    public void ShouldHaveFailed(ExitCode code, string sentence)
    {
        Error.Should().Contain(sentence);
        Error.Trim().Should().NotContain("\n").And.NotContain("   at ");
        Lines.Should().BeEmpty();
        ExitCode.Should().Be((int)code);
    }
}
