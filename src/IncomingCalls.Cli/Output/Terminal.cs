using Spectre.Console;

namespace IncomingCalls.Cli;

/// <summary>Where a command writes, and the clock it goes by.</summary>
internal sealed class Terminal
{
    private readonly Lazy<IAnsiConsole> _screen;

    public Terminal() => _screen = new(CreateScreen);

    public required TextWriter Out { get; init; }

    public required TextWriter Error { get; init; }

    /// <summary>Where answers to questions come from; null when nobody is there to be asked.</summary>
    public TextReader? Answers { get; init; }

    /// <summary>Whether a person looks at <see cref="Out"/>: colours are welcome then.</summary>
    public required bool IsInteractive { get; init; }

    public required TimeProvider Time { get; init; }

    public IAnsiConsole Screen => _screen.Value;

    private IAnsiConsole CreateScreen() => AnsiConsole.Create(new() { Out = new AnsiConsoleOutput(Out) });
}
