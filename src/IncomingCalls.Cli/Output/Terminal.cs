using System.IO.Pipes;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Spectre.Console;

namespace IncomingCalls.Cli.Output;

/// <summary>Where a command writes, and the clock it goes by.</summary>
internal sealed class Terminal
{
    private readonly Lazy<IAnsiConsole> _console;

    public Terminal() => _console = new(CreateConsole);

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Where answers to questions come from; null when nobody is there to be asked.</summary>
    public TextReader? In { get; init; }

    /// <summary>Whether a person looks at <see cref="Out"/>: colours are welcome then.</summary>
    public required bool IsInteractive { get; init; }

    public required TimeProvider Time { get; init; }

    public IAnsiConsole Console => _console.Value;

    private IAnsiConsole CreateConsole() => AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Out) });
}

/// <summary>
/// The output stream of the process. The console's own drops what is written into a pipe that nobody reads any more, and says
/// nothing: <c>tail --consume | head -1</c> would go on deleting.
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
            // It is a file.
            return Console.Out;
        }
    }
}
