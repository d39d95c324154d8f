using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace IncomingCalls.Inboxes;

/// <summary>How far a handler has come with an event.</summary>
[Experimental("ICEXP001")]
public sealed record Delivery
{
    /// <summary>The name under which the handler was registered when the event was kept.</summary>
    public required string HandlerName { get; init; }

    /// <summary>Whether it is an operator notifier, which is retried only while the alert matters and leaves no dead letter.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsNotifier { get; init; }

    /// <summary>How many attempts have failed.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Attempts { get; init; }

    /// <summary>When the next attempt is due, in UTC.</summary>
    public required DateTimeOffset DueAt { get; init; }

    /// <summary>The type and message of the last failure, numbers masked; null before the first.</summary>
    public string? LastError { get; init; }
}
