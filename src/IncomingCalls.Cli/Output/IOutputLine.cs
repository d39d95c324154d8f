using Spectre.Console;

namespace IncomingCalls.Cli;

/// <summary>Something that a command has to say: its properties are the JSON, and it knows its own text.</summary>
internal interface IOutputLine
{
    /// <summary>How it looks on a screen.</summary>
    Style Style { get; }

    /// <summary>The text.</summary>
    /// <param name="time">Knows the time zone of the person who reads it.</param>
    string ToText(TimeProvider time);
}
