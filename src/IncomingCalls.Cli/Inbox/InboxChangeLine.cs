using System.Text.Json.Serialization;
using Spectre.Console;

namespace IncomingCalls.Cli;

/// <summary>What was done to items.</summary>
internal sealed class InboxChangeLine : IOutputLine
{
    /// <summary><c>replay</c> or <c>purge</c>.</summary>
    public required string Type { get; init; }

    public required InboxPart Part { get; init; }

    public required int Count { get; init; }

    [JsonIgnore]
    public Style Style => Color.Green;

    public string ToText(TimeProvider time) => Count == 0 ? $"There is nothing in the {InboxPartOption.DisplayNameOf(Part)}."
        : Type == "replay" ? $"{Count} from the {InboxPartOption.DisplayNameOf(Part)} to be replayed: within a second where a host works on the file, else when one starts."
        : $"{Count} purged from the {InboxPartOption.DisplayNameOf(Part)}.";
}
