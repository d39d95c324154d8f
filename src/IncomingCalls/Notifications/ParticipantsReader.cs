using System.Text.Json;

namespace IncomingCalls;

/// <summary>Reads <c>participants</c>; the gateway's own clients disagree whether a member's key is <c>wid</c> or <c>id</c>.</summary>
internal static class ParticipantsReader
{
    /// <summary>A member that cannot be read is left out: nobody's call is lost over it.</summary>
    /// <param name="array">The JSON array, already known to be well formed.</param>
    public static CallParticipant[] Read(ReadOnlySpan<byte> array)
    {
        var result = new List<CallParticipant>();
        var reader = new Utf8JsonReader(array, new JsonReaderOptions { MaxDepth = int.MaxValue });
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
            }
            else if (ReadOne(ref reader, array) is { } participant)
            {
                result.Add(participant);
            }
        }

        return [.. result];
    }

    private static CallParticipant? ReadOne(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        JsonText id = default;
        JsonText status = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var property = NotificationProperties.Match(ref reader);
            reader.Read();
            switch (property)
            {
                case NotificationProperty.Wid or NotificationProperty.Id:
                    id = JsonText.At(ref reader);
                    break;
                case NotificationProperty.Status:
                    status = JsonText.At(ref reader);
                    break;
            }

            reader.Skip();
        }

        return id.TryGet(json, out var text) && ChatId.TryParse(text, out var chatId) && status.TryGet(json, out var rawStatus)
            ? new() { Id = chatId, RawStatus = rawStatus }
            : null;
    }
}
