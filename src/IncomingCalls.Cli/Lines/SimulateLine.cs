using System.Text.Json.Serialization;
using IncomingCalls.Cli.Connections;
using IncomingCalls.Cli.Output;
using IncomingCalls.Testing;
using Spectre.Console;

namespace IncomingCalls.Cli.Lines;

/// <summary>A line of <c>simulate</c>.</summary>
internal sealed class SimulateLine : IOutputLine
{
    public const string StartedType = "started";
    public const string SentType = "sent";
    public const string RefusedType = "refused";
    public const string AcknowledgedType = "acknowledged";
    public const string EndedType = "ended";

    private const int TypeWidth = 12;

    public required string Type { get; init; }

    public required DateTimeOffset At { get; init; }

    public Uri? ApiUrl { get; init; }

    public long? IdInstance { get; init; }

    public string? ApiTokenInstance { get; init; }

    public string? Webhook { get; init; }

    public string? CallId { get; init; }

    public string? Status { get; init; }

    public string? From { get; init; }

    /// <summary>The status of the webhook's response; null when there was no response or the notification was polled.</summary>
    public int? HttpStatus { get; init; }

    public int? Sent { get; init; }

    public int? Acknowledged { get; init; }

    public int? Waiting { get; init; }

    [JsonIgnore]
    public Style Style => Type switch
    {
        StartedType => Color.Aqua,
        RefusedType => Color.Red,
        AcknowledgedType => Color.Green,
        _ => Style.Plain,
    };

    public static SimulateLine CreateStarted(Uri apiUrl, SimulatedInstance instance, Uri? webhook, DateTimeOffset at) => new()
    {
        Type = StartedType,
        At = at,
        ApiUrl = apiUrl,
        IdInstance = instance.IdInstance,
        ApiTokenInstance = instance.ApiTokenInstance,
        Webhook = webhook is null ? null : UriRedaction.Redact(webhook),
    };

    public static SimulateLine CreateSent(SimulatedInstance instance, SimulatedNotification notification) =>
        Create(SentType, notification.EnqueuedAt, instance, notification);

    public static SimulateLine CreateRefused(SimulatedInstance instance, SimulatedNotification notification, SimulatedDelivery delivery) =>
        Create(RefusedType, delivery.At, instance, notification, delivery.StatusCode);

    public static SimulateLine CreateAcknowledged(SimulatedInstance instance, SimulatedNotification notification) =>
        Create(AcknowledgedType, notification.AcknowledgedAt!.Value, instance, notification, notification.Deliveries[^1].StatusCode);

    public string ToText(TimeProvider time) => $"{LocalTimeFormatter.Format(At, time)} {Type,-TypeWidth} {Describe()}";

    private static SimulateLine Create(string type, DateTimeOffset at, SimulatedInstance instance, SimulatedNotification notification, int? httpStatus = null)
    {
        var reading = NotificationReader.Read(notification.Body.Span);
        return new()
        {
            Type = type,
            At = at,
            IdInstance = instance.IdInstance,
            CallId = notification.IdMessage,
            Status = reading.Call?.RawStatus,
            From = reading.Call?.From?.Value,
            HttpStatus = httpStatus,
        };
    }

    private string Describe() => Type switch
    {
        StartedType => $"instance {IdInstance} with token {ApiTokenInstance} at {ApiUrl}, {(Webhook is null ? "polled" : $"posts to {Webhook}")}",
        EndedType => $"{Sent} sent, {Acknowledged} acknowledged, {Waiting} waiting",
        RefusedType => $"{IdInstance} {DescribeNotification()}: {(HttpStatus is null ? "no response" : $"response {HttpStatus}")}, will be redelivered",
        _ => $"{IdInstance} {DescribeNotification()}",
    };

    private string DescribeNotification() => $"{Status ?? "no status"} of {From ?? "anonymous"}, call {CallId}";
}
