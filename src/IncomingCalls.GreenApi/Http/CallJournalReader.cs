using System.Text.Json;

namespace IncomingCalls.GreenApi.Http;

/// <summary>Reads the responses of lastIncomingCalls and lastOutgoingCalls: an array of calls.</summary>
internal static class CallJournalReader
{
    public static IReadOnlyList<GreenApiJournalCall>? ReadIncoming(JsonElement json) => Read(json, "incoming", "incomingCall");

    public static IReadOnlyList<GreenApiJournalCall>? ReadOutgoing(JsonElement json) => Read(json, "outgoing", "outgoingCall");

    /// <summary>Reads the calls. An entry without an id, or of another type, is left out.</summary>
    private static List<GreenApiJournalCall>? Read(JsonElement json, string type, string typeMessage) => json.ValueKind != JsonValueKind.Array ? null :
    [
        .. from entry in json.EnumerateArray()
           where IsOfType(entry, "type", type) && IsOfType(entry, "typeMessage", typeMessage)
           let idMessage = JsonProperties.ReadId(entry, "idMessage")
           where idMessage is not null
           select ReadCall(entry, idMessage),
    ];

    /// <summary>Whether an entry is of a type. A missing type is the expected one.</summary>
    private static bool IsOfType(JsonElement entry, string name, string expected) =>
        JsonProperties.ReadText(entry, name)?.Equals(expected, StringComparison.OrdinalIgnoreCase) ?? true;

    private static GreenApiJournalCall ReadCall(JsonElement entry, string idMessage) => new()
    {
        IdMessage = idMessage,
        ChatId = JsonProperties.ReadChatId(entry, "chatId"),
        EndedAt = JsonProperties.ReadTime(entry, "timestamp"),
        RawStatus = JsonProperties.ReadText(entry, "status"),
        IsVideo = JsonProperties.ReadFlag(entry, "isVideo"),
        IsGroup = JsonProperties.ReadFlag(entry, "isGroup"),
        Duration = JsonProperties.ReadNumber(entry, "duration") is >= 0 and <= int.MaxValue and var seconds ? TimeSpan.FromSeconds(seconds) : null,
        Participants = ReadParticipants(JsonProperties.Find(entry, "participants")),
    };

    /// <summary>Reads the participants. One that cannot be read is left out. Notifications also have <c>wid</c> as the name of the id.</summary>
    private static CallParticipant[] ReadParticipants(JsonElement? participants) => participants is not { ValueKind: JsonValueKind.Array } array ? [] :
    [
        .. from participant in array.EnumerateArray()
           let id = JsonProperties.ReadChatId(participant, "id") ?? JsonProperties.ReadChatId(participant, "wid")
           where id is not null
           select new CallParticipant { Id = id.Value, RawStatus = JsonProperties.ReadText(participant, "status") },
    ];
}
