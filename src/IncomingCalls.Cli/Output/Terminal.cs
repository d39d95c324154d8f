using System.IO.Pipes;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Spectre.Console;

namespace IncomingCalls.Cli.Output;

/// <summary>The input, the output and the clock of a command.</summary>
internal sealed class Terminal
{
    private readonly Lazy<IAnsiConsole> _console;

    public Terminal() => _console = new(CreateConsole);

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>The input for answers to questions; null when the input is redirected.</summary>
    public TextReader? In { get; init; }

    /// <summary>Whether <see cref="Out"/> is a terminal, which supports colors.</summary>
    public required bool IsInteractive { get; init; }

    public required TimeProvider Time { get; init; }

    public IAnsiConsole Console => _console.Value;

    private IAnsiConsole CreateConsole() => AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Out) });
}

/// <summary>
/// The output stream of the process. The stream of <see cref="Console"/> silently discards data written to a pipe whose reader has closed
/// it: <c>tail --consume | head -1</c> would continue to delete notifications.
/// </summary>
internal static class StandardOutput
{
    private const int FileDescriptor = 1;

    public static TextWriter Open()
    {
        if (OperatingSystem.IsWindows() || !Console.IsOutputRedirected)
        {
            return Console.Out;
        }

        try
        {
            var pipe = new AnonymousPipeClientStream(PipeDirection.Out, new SafePipeHandle(FileDescriptor, ownsHandle: false));
            return TextWriter.Synchronized(new StreamWriter(pipe, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true });
        }
        catch (IOException)
        {
            // The output is a file and not a pipe.
            return Console.Out;
        }
    }
}
