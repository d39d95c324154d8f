using System.Text.Json.Serialization;

namespace IncomingCalls;

/// <summary>A participant of a call, in a few bytes.</summary>
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
