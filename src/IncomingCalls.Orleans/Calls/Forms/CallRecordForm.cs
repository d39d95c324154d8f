using System.Text.Json.Serialization;
using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>
/// A call's record in half as many bytes as the core's own form of it: short names, times as ticks, and the call's key once. Providers make
/// text of it, and text was what a notification cost most (orleans.vs_grain, docs/performance.md).
/// </summary>
internal sealed class CallRecordForm
{
    [JsonPropertyName("i")]
    public long IdInstance { get; init; }

    /// <summary>Null where there are only dead letters.</summary>
    [JsonPropertyName("m")]
    public string? IdMessage { get; init; }

    [JsonPropertyName("f")]
    public IReadOnlyList<FactForm>? Facts { get; init; }

    [JsonPropertyName("a")]
    public bool HasAlert { get; init; }

    [JsonPropertyName("o")]
    public IReadOnlyList<OwedForm>? Owed { get; init; }

    [JsonPropertyName("u")]
    public long? OutcomeDueAt { get; init; }

    [JsonPropertyName("t")]
    public long TouchedAt { get; init; }

    [JsonPropertyName("l")]
    public IReadOnlyList<DeadLetterForm>? DeadLetters { get; init; }

    [JsonPropertyName("b")]
    public int? Bucket { get; init; }

    [JsonPropertyName("n")]
    public long Ticket { get; init; }

    public static CallRecordForm Of(CallRecord record)
    {
        var call = record.Call;
        var key = call?.History.Key ?? default;
        return new()
        {
            IdInstance = key.IdInstance,
            IdMessage = key.IdMessage,
            Facts = call is null ? null : [.. call.History.Facts.Select(FactForm.Of)],
            HasAlert = call?.History.HasAlert ?? false,
            Owed = call is null or { Owed.Count: 0 } ? null : [.. call.Owed.Select(OwedForm.Of)],
            OutcomeDueAt = call?.OutcomeDueAt?.UtcTicks,
            TouchedAt = call?.TouchedAt.UtcTicks ?? 0,
            DeadLetters = record.DeadLetters.Count == 0 ? null : [.. record.DeadLetters.Select(static letter => new DeadLetterForm(letter))],
            Bucket = record.Bucket,
            Ticket = record.Ticket,
        };
    }

    public CallRecord ToRecord() => new()
    {
        Call = IdMessage is null ? null : ToCall(new(IdInstance, IdMessage)),
        DeadLetters = [.. (DeadLetters ?? []).Select(static form => form.Letter)],
        Bucket = Bucket,
        Ticket = Ticket,
    };

    private KeptCall ToCall(CallKey key) => new()
    {
        History = new() { Key = key, Facts = [.. (Facts ?? []).Select(static form => form.ToFact())], HasAlert = HasAlert },
        Owed = [.. (Owed ?? []).Select(form => form.ToOwed(key))],
        OutcomeDueAt = OutcomeDueAt is { } ticks ? Ticks.ToTime(ticks) : null,
        TouchedAt = Ticks.ToTime(TouchedAt),
    };
}
