using System.Text.Json.Serialization;
using IncomingCalls.Inboxes;

namespace IncomingCalls;

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
