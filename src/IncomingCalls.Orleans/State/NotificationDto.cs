using System.Text.Json.Serialization;

namespace IncomingCalls.Orleans.State;

/// <summary>The stored format of a notification, without the ids, which are those of its call.</summary>
internal sealed class NotificationDto
{
    [JsonPropertyName("w")]
    public string? Wid { get; init; }

    [JsonPropertyName("y")]
    public string? TypeInstance { get; init; }

    [JsonPropertyName("f")]
    public string? From { get; init; }

    [JsonPropertyName("s")]
    public string? Status { get; init; }

    [JsonPropertyName("t")]
    public long? Timestamp { get; init; }

    [JsonPropertyName("v")]
    public bool? IsVideo { get; init; }

    [JsonPropertyName("d")]
    public long? Duration { get; init; }

    [JsonPropertyName("p")]
    public IReadOnlyList<ParticipantDto>? Participants { get; init; }

    public static NotificationDto FromNotification(IncomingCallNotification notification) => new()
    {
        Wid = notification.Instance.Wid?.Value,
        TypeInstance = notification.Instance.TypeInstance,
        From = notification.From?.Value,
        Status = notification.RawStatus,
        Timestamp = notification.Timestamp?.UtcTicks,
        IsVideo = notification.IsVideo,
        Duration = notification.Duration?.Ticks,
        Participants = notification.Participants.Count == 0 ? null : [.. notification.Participants.Select(ParticipantDto.FromParticipant)],
    };

    public IncomingCallNotification ToNotification(CallKey call) => new()
    {
        IdMessage = call.IdMessage,
        Instance = new() { IdInstance = call.IdInstance, Wid = ToChatId(Wid), TypeInstance = TypeInstance },
        From = ToChatId(From),
        RawStatus = Status,
        Timestamp = Timestamp is { } utcTicks ? UtcTicks.ToDateTimeOffset(utcTicks) : null,
        IsVideo = IsVideo,
        Duration = Duration is { } ticks ? TimeSpan.FromTicks(ticks) : null,
        Participants = [.. (Participants ?? []).Select(static dto => dto.ToParticipant())],
    };

    private static ChatId? ToChatId(string? text) => ChatId.TryParse(text, out var id) ? id : null;
}

/// <summary>The stored format of a participant of a call.</summary>
internal sealed class ParticipantDto
{
    [JsonPropertyName("w")]
    public required string Id { get; init; }

    [JsonPropertyName("s")]
    public string? Status { get; init; }

    public static ParticipantDto FromParticipant(CallParticipant participant) => new() { Id = participant.Id.Value, Status = participant.RawStatus };

    public CallParticipant ToParticipant() => new()
    {
        Id = ChatId.TryParse(Id, out var id) ? id : default,
        RawStatus = Status,
    };
}

/// <summary>Converts stored times, which are UTC ticks and half as long as their text.</summary>
internal static class UtcTicks
{
    public static DateTimeOffset ToDateTimeOffset(long utcTicks) => new(utcTicks, TimeSpan.Zero);
}
