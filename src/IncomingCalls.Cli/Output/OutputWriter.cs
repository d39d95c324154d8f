using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace IncomingCalls.Cli.Output;

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

/// <summary>Something that a command has to say: its properties are the JSON, and it knows its own text.</summary>
internal interface IOutputLine
{
    /// <summary>How it looks on a screen.</summary>
    Style Style { get; }

    /// <summary>The text.</summary>
    /// <param name="time">Knows the time zone of the person who reads it.</param>
    string ToText(TimeProvider time);
}

/// <summary>What becomes of a command whose output goes nowhere.</summary>
internal static class OutputFailure
{
    /// <summary>Whether an exception says that the output cannot be written.</summary>
    public static bool IsWriteFailure(Exception e) => e is IOException or UnauthorizedAccessException;

    /// <summary>Tells of it, unless whoever read it has simply had enough, as <c>head</c> does.</summary>
    public static ExitCode Report(Terminal terminal, Exception loss)
    {
        // .NET writes into pipes as into sockets, and a pipe that nobody reads is a socket that is shut down.
        if (loss.InnerException is SocketException { SocketErrorCode: SocketError.Shutdown })
        {
            return ExitCode.Success;
        }

        terminal.Error.WriteLine("The output cannot be written: it is closed, or the disk is full.");
        return ExitCode.Unusable;
    }
}
