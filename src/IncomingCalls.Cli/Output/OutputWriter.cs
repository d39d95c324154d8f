using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace IncomingCalls.Cli;

/// <summary>Writes lines: as JSON, in colour, or plain for files and pipes, which are never wrapped.</summary>
/// <param name="terminal">Where to.</param>
/// <param name="asJson">Whether as JSON.</param>
/// <param name="onLoss">Called once when lines cannot be written; those that follow are dropped.</param>
internal sealed class OutputWriter(Terminal terminal, bool asJson, Action onLoss)
{
    /// <summary>Why lines cannot be written; null while they can.</summary>
    public Exception? WriteFailure { get; private set; }

    /// <summary>Writes one line.</summary>
    /// <param name="line">What it says.</param>
    /// <param name="type">How it says so in JSON.</param>
    public void Write<T>(T line, JsonTypeInfo<T> type)
        where T : IOutputLine
    {
        if (WriteFailure is not null)
        {
            return;
        }

        try
        {
            WriteOrThrow(line, type);
        }
        catch (Exception e) when (OutputFailure.IsWriteFailure(e))
        {
            WriteFailure = e;
            onLoss();
        }
    }

    private void WriteOrThrow<T>(T line, JsonTypeInfo<T> type)
        where T : IOutputLine
    {
        if (asJson)
        {
            terminal.Out.WriteLine(JsonSerializer.Serialize(line, type));
        }
        else if (terminal.IsInteractive)
        {
            terminal.Console.WriteLine(ReplaceControlCharacters(line.ToText(terminal.Time)), line.Style);
        }
        else
        {
            terminal.Out.WriteLine(ReplaceControlCharacters(line.ToText(terminal.Time)));
        }

        terminal.Out.Flush();
    }

    /// <summary>What others wrote, callers or whoever posts to a webhook, must not steer the terminal.</summary>
    private static string ReplaceControlCharacters(string text) =>
        text.Any(IsUnsafeControlCharacter) ? string.Concat(text.Select(letter => IsUnsafeControlCharacter(letter) ? '\uFFFD' : letter)) : text;

    private static bool IsUnsafeControlCharacter(char letter) => char.IsControl(letter) && letter is not ('\n' or '\t');
}
