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

    public required long Milliseconds { get; init; }

    /// <summary>The beginning of the response body; null when it is empty.</summary>
    public string? Answer { get; init; }

    [JsonIgnore]
    public Style Style => IsAcknowledged ? Color.Green : Color.Red;

    [JsonIgnore]
    public string ErrorMessage => HttpStatus switch
    {
        401 => $"{Webhook} rejected the token (401). Compare --webhook-token with IncomingCalls:Webhook:Tokens of the host.",
        403 => $"{Webhook} rejected the sender, or the instance does not match the token (403). Check AllowedSenders, --id-instance and --webhook-token.",
        404 => $"There is no webhook at {Webhook} (404). Compare the path with the one that the host maps.",
        503 => $"{Webhook} cannot store the notification now (503). GREEN-API would redeliver it after a minute.",
        _ => $"{Webhook} responded with {HttpStatus}, so GREEN-API would redeliver the notification. Only 200 acknowledges it.",
    };

    public string ToText(TimeProvider time) =>
        $"{HttpStatus} after {Milliseconds} ms: {Status ?? "no status"} of call {CallId} {(IsAcknowledged ? "is acknowledged" : "is not acknowledged")}{(Answer is null ? "" : $"; response: {Answer}")}";
}
