using Spectre.Console;

namespace IncomingCalls.Cli;

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
