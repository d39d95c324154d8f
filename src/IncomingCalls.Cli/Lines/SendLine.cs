using System.Text.Json.Serialization;
using IncomingCalls.Cli.Output;
using Spectre.Console;

namespace IncomingCalls.Cli.Lines;

/// <summary>A line about a notification that was posted.</summary>
internal sealed class SendLine : IOutputLine
{
    public required string Webhook { get; init; }

    public required long IdInstance { get; init; }

    public required string CallId { get; init; }

    public string? From { get; init; }

    public string? Status { get; init; }

    public required int HttpStatus { get; init; }

    /// <summary>Whether the notification was acknowledged. Only status 200 acknowledges, as the vendor documents.</summary>
    public bool IsAcknowledged => HttpStatus == 200;

    /// <summary>What the endpoint of IncomingCalls says about the notification: one word; null when another program has answered.</summary>
    public string? Result { get; init; }

    public required long Milliseconds { get; init; }

    /// <summary>The beginning of the response body; null when it is empty.</summary>
    public string? Answer { get; init; }

    /// <summary>What is wrong, in whole sentences; null when the notification was accepted.</summary>
    [JsonIgnore]
    public string? Problem { get; init; }

    [JsonIgnore]
    public Style Style => Problem is null ? Color.Green : Color.Red;

    public string ToText(TimeProvider time) =>
        $"{HttpStatus} after {Milliseconds} ms: {Status ?? "no status"} of call {CallId} {(IsAcknowledged ? $"is acknowledged{DescribeResult()}" : "is not acknowledged")}{(Answer is null ? "" : $"; response: {Answer}")}";

    private string DescribeResult() => Result switch
    {
        null => "",
        nameof(IntakeOutcome.Stored) => " and stored",
        nameof(IntakeOutcome.Tracked) => " and tracked; it is no event",
        nameof(IntakeOutcome.Discarded) => " and discarded by the scenario or policy",
        nameof(IntakeOutcome.Duplicate) => " as a duplicate",
        nameof(IntakeOutcome.Quarantined) => " and quarantined",
        nameof(IntakeOutcome.Refused) => " and dropped",
        _ => $" ({Result})",
    };
}
