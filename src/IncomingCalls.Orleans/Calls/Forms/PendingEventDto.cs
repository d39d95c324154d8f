using System.Text.Json.Serialization;
using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>An event that is owed, in a few bytes. Its call is known from what it stands in.</summary>
internal sealed class PendingEventDto
{
    /// <summary>The event's id without the key of its call, with which it begins.</summary>
    [JsonPropertyName("i")]
    public required string IdWithinCall { get; init; }

    [JsonPropertyName("k")]
    public CallEventKind Kind { get; init; }

    [JsonPropertyName("p")]
    public CallOutcome PreviousOutcome { get; init; }

    [JsonPropertyName("n")]
    public NotificationDto? Notification { get; init; }

    [JsonPropertyName("d")]
    public CallDecisionKind Decision { get; init; }

    [JsonPropertyName("l")]
    public CallLabel Label { get; init; }

    [JsonPropertyName("o")]
    public bool AlertsOperator { get; init; }

    [JsonPropertyName("c")]
    public bool ConcernsAlert { get; init; }

    [JsonPropertyName("t")]
    public long OccurredAt { get; init; }

    [JsonPropertyName("r")]
    public long ReceivedAt { get; init; }

    [JsonPropertyName("h")]
    public IReadOnlyList<DeliveryDto> Deliveries { get; init; } = [];

    [JsonPropertyName("w")]
    public string? TraceParent { get; init; }

    [JsonPropertyName("s")]
    public string? TraceState { get; init; }

    public static PendingEventDto FromPendingEvent(PendingEvent owed)
    {
        var e = owed.Event;
        return new()
        {
            IdWithinCall = e.Id[e.Call.ToString().Length..],
            Kind = e.Kind,
            PreviousOutcome = e.PreviousOutcome,
            Notification = e.Notification is { } notification ? NotificationDto.FromNotification(notification) : null,
            Decision = e.Decision.Kind,
            Label = e.Decision.Label,
            AlertsOperator = e.Decision.AlertOperator,
            ConcernsAlert = e.ConcernsAlert,
            OccurredAt = e.OccurredAt.UtcTicks,
            ReceivedAt = e.ReceivedAt.UtcTicks,
            Deliveries = [.. owed.Deliveries.Select(DeliveryDto.FromDelivery)],
            TraceParent = owed.TraceParent,
            TraceState = owed.TraceState,
        };
    }

    public PendingEvent ToPendingEvent(CallKey call) => new()
    {
        Event = new()
        {
            Id = $"{call}{IdWithinCall}",
            Call = call,
            Kind = Kind,
            PreviousOutcome = PreviousOutcome,
            Notification = Notification?.ToNotification(call),
            Decision = ToDecision(),
            ConcernsAlert = ConcernsAlert,
            OccurredAt = UtcTicks.ToDateTimeOffset(OccurredAt),
            ReceivedAt = UtcTicks.ToDateTimeOffset(ReceivedAt),
        },
        Deliveries = [.. Deliveries.Select(static form => form.ToDelivery())],
        TraceParent = TraceParent,
        TraceState = TraceState,
    };

    private CallDecision ToDecision() => Decision switch
    {
        CallDecisionKind.Discard => CallDecision.Discard,
        CallDecisionKind.Track => CallDecision.Track,
        _ => CallDecision.Handle(Label, AlertsOperator),
    };
}
