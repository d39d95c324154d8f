using System.Text.Json.Serialization;
using IncomingCalls.Cli.Output;
using Spectre.Console;

namespace IncomingCalls.Cli.Lines;

/// <summary>What became of a notification that was posted.</summary>
internal sealed class SendLine : IOutputLine
{
    public required string Webhook { get; init; }

    public required long IdInstance { get; init; }

    public required string CallId { get; init; }

    public string? From { get; init; }

    public string? Status { get; init; }

    public required int HttpStatus { get; init; }

    /// <summary>Documented: 200 and nothing else.</summary>
    public bool IsTaken => HttpStatus == 200;

    public required long Milliseconds { get; init; }

    /// <summary>The beginning of the body, if there was one.</summary>
    public string? Answer { get; init; }

    [JsonIgnore]
    public Style Style => IsTaken ? Color.Green : Color.Red;

    [JsonIgnore]
    public string ErrorMessage => HttpStatus switch
    {
        401 => $"{Webhook} refuses the token (401): compare --webhook-token with the host's IncomingCalls:Webhook:Tokens.",
        403 => $"{Webhook} does not let this sender, or this instance with this token, in (403).",
        404 => $"There is no webhook at {Webhook} (404): compare the path with the one that the host maps.",
        503 => $"{Webhook} cannot keep the notification now (503): the gateway would send it again after a minute.",
        _ => $"{Webhook} answers {HttpStatus}, which to the gateway means: send it again. Only 200 means that it was taken.",
    };

    public string ToText(TimeProvider time) =>
        $"{HttpStatus} after {Milliseconds} ms: {Status ?? "no status"} of call {CallId} {(IsTaken ? "is taken" : "is not taken")}{(Answer is null ? "" : $"; answer: {Answer}")}";
}
