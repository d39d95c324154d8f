using System.Text.Json;
using System.Text.Json.Serialization;
using IncomingCalls.Inbox;
using IncomingCalls.Orleans.Serialization;
using IncomingCalls.Shared;

namespace IncomingCalls.Orleans.State;

/// <summary>
/// A call's record in half as many bytes as the core's own form of it: short names, times as ticks, and the call's key once. Providers make
/// text of it, and text was what a notification cost most (orleans.vs_grain, docs/performance.md).
/// </summary>
internal sealed class CallGrainStateDto
{
    [JsonPropertyName("i")]
    public long IdInstance { get; init; }

    /// <summary>Null where there are only dead letters.</summary>
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

    public static CallGrainStateDto FromState(CallGrainState record)
    {
        var call = record.Call;
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
            DeadLetters = record.DeadLetters.Count == 0 ? null : [.. record.DeadLetters.Select(static letter => new DeadLetterDto(letter))],
            Bucket = record.Bucket,
            Generation = record.Generation,
        };
    }

    public CallGrainState ToState() => new()
    {
        Call = IdMessage is null ? null : ToCallState(new(IdInstance, IdMessage)),
        DeadLetters = [.. (DeadLetters ?? []).Select(static form => form.Entry)],
        Bucket = Bucket,
        Generation = Generation,
    };

    private CallState ToCallState(CallKey key) => new()
    {
        History = new() { Key = key, Facts = [.. (Facts ?? []).Select(static form => form.ToFact())], HasAlert = HasAlert },
        PendingEvents = [.. (PendingEvents ?? []).Select(form => form.ToPendingEvent(key))],
        OutcomeDueAt = OutcomeDueAt is { } ticks ? UtcTicks.ToDateTimeOffset(ticks) : null,
        TouchedAt = UtcTicks.ToDateTimeOffset(TouchedAt),
    };
}

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

/// <summary>How far a handler has come, in a few bytes.</summary>
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

    public static DeliveryDto FromDelivery(Delivery handler) => new()
    {
        HandlerName = handler.HandlerName,
        IsNotifier = handler.IsNotifier,
        Attempts = handler.Attempts,
        DueAt = handler.DueAt.UtcTicks,
        LastError = handler.LastError,
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

/// <summary>A dead letter on its way to the shelf, as the core writes it: there are few.</summary>
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

/// <summary>Writes a record in its short form, and reads it.</summary>
internal sealed class CallGrainStateJsonConverter : JsonConverter<CallGrainState>
{
    public override CallGrainState Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize(ref reader, CallGrainStateJsonContext.Default.CallGrainStateDto)!.ToState();

    public override void Write(Utf8JsonWriter writer, CallGrainState value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, CallGrainStateDto.FromState(value), CallGrainStateJsonContext.Default.CallGrainStateDto);
}
