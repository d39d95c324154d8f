using System.Text.Json;
using System.Text.Json.Serialization;
using IncomingCalls.Inbox;
using IncomingCalls.Orleans.Serialization;
using IncomingCalls.Shared;

namespace IncomingCalls.Orleans.State;

/// <summary>
/// The stored format of <see cref="CallGrainState"/>, in half as many bytes as the JSON of the core: short names, times as ticks, and the key of
/// the call once. Providers convert it to text, which was the largest cost of a notification (orleans.vs_grain, docs/performance.md).
/// </summary>
internal sealed class CallGrainStateDto
{
    [JsonPropertyName("i")]
    public long IdInstance { get; init; }

    /// <summary>The id of the call; null when the state contains only dead letters.</summary>
    [JsonPropertyName("m")]
    public string? IdMessage { get; init; }

    [JsonPropertyName("f")]
    public IReadOnlyList<FactDto>? Facts { get; init; }

    [JsonPropertyName("a")]
    public bool HasAlert { get; init; }

    [JsonPropertyName("o")]
    public IReadOnlyList<PendingEventDto>? PendingEvents { get; init; }

    [JsonPropertyName("u")]
    public long? OutcomeDueAt { get; init; }

    [JsonPropertyName("t")]
    public long TouchedAt { get; init; }

    [JsonPropertyName("l")]
    public IReadOnlyList<DeadLetterDto>? DeadLetters { get; init; }

    [JsonPropertyName("b")]
    public int? Bucket { get; init; }

    [JsonPropertyName("n")]
    public long Generation { get; init; }

    public static CallGrainStateDto FromState(CallGrainState state)
    {
        var call = state.Call;
        var key = call?.History.Key ?? default;
        return new()
        {
            IdInstance = key.IdInstance,
            IdMessage = key.IdMessage,
            Facts = call is null ? null : [.. call.History.Facts.Select(FactDto.FromFact)],
            HasAlert = call?.History.HasAlert ?? false,
            PendingEvents = call is null or { PendingEvents.Count: 0 } ? null : [.. call.PendingEvents.Select(PendingEventDto.FromPendingEvent)],
            OutcomeDueAt = call?.OutcomeDueAt?.UtcTicks,
            TouchedAt = call?.TouchedAt.UtcTicks ?? 0,
            DeadLetters = state.DeadLetters.Count == 0 ? null : [.. state.DeadLetters.Select(static letter => new DeadLetterDto(letter))],
            Bucket = state.Bucket,
            Generation = state.Generation,
        };
    }

    public CallGrainState ToState() => new()
    {
        Call = IdMessage is null ? null : ToCallState(new(IdInstance, IdMessage)),
        DeadLetters = [.. (DeadLetters ?? []).Select(static dto => dto.Entry)],
        Bucket = Bucket,
        Generation = Generation,
    };

    private CallState ToCallState(CallKey key) => new()
    {
        History = new() { Key = key, Facts = [.. (Facts ?? []).Select(static dto => dto.ToFact())], HasAlert = HasAlert },
        PendingEvents = [.. (PendingEvents ?? []).Select(dto => dto.ToPendingEvent(key))],
        OutcomeDueAt = OutcomeDueAt is { } ticks ? UtcTicks.ToDateTimeOffset(ticks) : null,
        TouchedAt = UtcTicks.ToDateTimeOffset(TouchedAt),
    };
}

/// <summary>The stored format of a pending event. Its call is that of the surrounding state.</summary>
internal sealed class PendingEventDto
{
    /// <summary>The id of the event without its prefix, the key of the call.</summary>
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

    public static PendingEventDto FromPendingEvent(PendingEvent pending)
    {
        var e = pending.Event;
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
            Deliveries = [.. pending.Deliveries.Select(DeliveryDto.FromDelivery)],
            TraceParent = pending.TraceParent,
            TraceState = pending.TraceState,
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
        Deliveries = [.. Deliveries.Select(static dto => dto.ToDelivery())],
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

/// <summary>The stored format of a delivery.</summary>
internal sealed class DeliveryDto
{
    [JsonPropertyName("n")]
    public required string HandlerName { get; init; }

    [JsonPropertyName("o")]
    public bool IsNotifier { get; init; }

    [JsonPropertyName("a")]
    public int Attempts { get; init; }

    [JsonPropertyName("t")]
    public long DueAt { get; init; }

    [JsonPropertyName("e")]
    public string? LastError { get; init; }

    public static DeliveryDto FromDelivery(Delivery delivery) => new()
    {
        HandlerName = delivery.HandlerName,
        IsNotifier = delivery.IsNotifier,
        Attempts = delivery.Attempts,
        DueAt = delivery.DueAt.UtcTicks,
        LastError = delivery.LastError,
    };

    public Delivery ToDelivery() => new()
    {
        HandlerName = HandlerName,
        IsNotifier = IsNotifier,
        Attempts = Attempts,
        DueAt = UtcTicks.ToDateTimeOffset(DueAt),
        LastError = LastError,
    };
}

/// <summary>The stored format of a dead letter that is not transferred yet: the JSON of the core, because there are few.</summary>
[JsonConverter(typeof(Converter))]
internal sealed class DeadLetterDto(DeadLetterEntry letter)
{
    public DeadLetterEntry Entry => letter;

    internal sealed class Converter : JsonConverter<DeadLetterDto>
    {
        public override DeadLetterDto Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(CoreJsonSerializer<DeadLetterEntry>.Deserialize(ref reader));

        public override void Write(Utf8JsonWriter writer, DeadLetterDto value, JsonSerializerOptions options) => CoreJsonSerializer<DeadLetterEntry>.Serialize(writer, value.Entry);
    }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(CallGrainStateDto))]
internal sealed partial class CallGrainStateJsonContext : JsonSerializerContext;

/// <summary>Serializes the state as <see cref="CallGrainStateDto"/>.</summary>
internal sealed class CallGrainStateJsonConverter : JsonConverter<CallGrainState>
{
    public override CallGrainState Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize(ref reader, CallGrainStateJsonContext.Default.CallGrainStateDto)!.ToState();

    public override void Write(Utf8JsonWriter writer, CallGrainState value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, CallGrainStateDto.FromState(value), CallGrainStateJsonContext.Default.CallGrainStateDto);
}
