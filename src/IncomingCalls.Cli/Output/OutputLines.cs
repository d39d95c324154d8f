using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace IncomingCalls.Cli;

/// <summary>Writes lines: as JSON, in colour, or plain for files and pipes, which are never wrapped.</summary>
internal sealed class OutputLines(Terminal terminal, bool asJson)
{
    /// <summary>Writes one line.</summary>
    /// <param name="line">What it says.</param>
    /// <param name="type">How it says so in JSON.</param>
    public void Write<T>(T line, JsonTypeInfo<T> type)
        where T : IOutputLine
    {
        if (asJson)
        {
            terminal.Out.WriteLine(JsonSerializer.Serialize(line, type));
        }
        else if (terminal.IsInteractive)
        {
            terminal.Screen.WriteLine(line.ToText(terminal.Time), line.Style);
        }
        else
        {
            terminal.Out.WriteLine(line.ToText(terminal.Time));
        }

        terminal.Out.Flush();
    }
}
