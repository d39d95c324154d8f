using System.Text.Json;

namespace IncomingCalls.Testing.Queue;

/// <summary>Reads the properties of a body that the history shows, deliberately without the code under test.</summary>
internal static class NotificationHeaderReader
{
    /// <summary>Reads the type and the id of a body; both are null when the body is not a JSON object, because tests send malformed bodies on purpose.</summary>
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
        // The reader throws InvalidOperationException for a string that is not valid UTF-8.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return default;
        }

        return (type, id);
    }

    private static string? ReadText(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
}
