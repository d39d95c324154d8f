using System.Text.Json;

namespace IncomingCalls.Testing.Queue;

/// <summary>Reads what the history tells of a body, and on purpose not with the code under test.</summary>
internal static class NotificationHeaderReader
{
    /// <summary>The type and the id of a body; both null when it is no JSON object, for broken bodies are sent on purpose.</summary>
    public static (string? TypeWebhook, string? IdMessage) Read(ReadOnlySpan<byte> body)
    {
        string? type = null;
        string? id = null;
        var reader = new Utf8JsonReader(body);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1)
                {
                    continue;
                }

                if (reader.ValueTextEquals("typeWebhook"u8))
                {
                    type = ReadText(ref reader);
                }
                else if (reader.ValueTextEquals("idMessage"u8))
                {
                    id = ReadText(ref reader);
                }
            }
        }
        // A text that is not UTF-8 is an InvalidOperationException of the reader.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return default;
        }

        return (type, id);
    }

    private static string? ReadText(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
}
