using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace IncomingCalls.Cli.Output;

/// <summary>Writes lines: as JSON, in color, or as plain text for files and pipes, which is never wrapped.</summary>
/// <param name="terminal">The terminal to write to.</param>
/// <param name="asJson">Whether lines are written as JSON.</param>
/// <param name="onWriteFailure">Called once when a line cannot be written; later lines are dropped.</param>
internal sealed class OutputWriter(Terminal terminal, bool asJson, Action onWriteFailure)
{
    /// <summary>The exception of the first failed write; null when no write has failed.</summary>
    public Exception? WriteFailure { get; private set; }

    /// <summary>Writes one line.</summary>
    /// <param name="line">The line.</param>
    /// <param name="type">The JSON metadata of the line.</param>
    public void Write<T>(T line, JsonTypeInfo<T> type)
        where T : IOutputLine => WriteUnlessFailed(() => WriteOrThrow(line, type));

    /// <summary>Writes a text for a person, such as that there is nothing to list. A program counts the lines, so JSON contains no such text.</summary>
    public void WriteNote(string text)
    {
        if (!asJson)
        {
            WriteUnlessFailed(() => terminal.Out.WriteLine(text));
        }
    }

    private void WriteUnlessFailed(Action write)
    {
        if (WriteFailure is not null)
        {
            return;
        }

        try
        {
            write();
        }
        catch (Exception e) when (OutputFailure.IsWriteFailure(e))
        {
            WriteFailure = e;
            onWriteFailure();
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

    /// <summary>Replaces control characters, because texts from callers and from senders of notifications must not control the terminal.</summary>
    private static string ReplaceControlCharacters(string text) =>
        text.Any(IsUnsafeControlCharacter) ? string.Concat(text.Select(letter => IsUnsafeControlCharacter(letter) ? '\uFFFD' : letter)) : text;

    private static bool IsUnsafeControlCharacter(char letter) => char.IsControl(letter) && letter is not ('\n' or '\t');
}

/// <summary>A line of output. Its properties are the JSON form.</summary>
internal interface IOutputLine
{
    /// <summary>The style of the text on a terminal.</summary>
    Style Style { get; }

    /// <summary>Formats the line as text.</summary>
    /// <param name="time">Provides the local time zone.</param>
    string ToText(TimeProvider time);
}

/// <summary>Handles output that cannot be written.</summary>
internal static class OutputFailure
{
    /// <summary>Whether an exception means that the output cannot be written.</summary>
    public static bool IsWriteFailure(Exception e) => e is IOException or UnauthorizedAccessException;

    /// <summary>Reports the failure on the error stream, unless the reader of a pipe has closed it, as <c>head</c> does.</summary>
    /// <returns>The exit code of the command.</returns>
    public static ExitCode Report(Terminal terminal, Exception failure)
    {
        // .NET writes to pipes as to sockets; a pipe whose reader has closed it appears as a socket that was shut down.
        if (failure.InnerException is SocketException { SocketErrorCode: SocketError.Shutdown })
        {
            return ExitCode.Success;
        }

        terminal.Error.WriteLine("The output cannot be written: it is closed, or the disk is full.");
        return ExitCode.Unusable;
    }
}
