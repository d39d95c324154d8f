using System.Text.Json;

namespace IncomingCalls.Testing;

/// <summary>getContactInfo.</summary>
internal static class ContactMethods
{
    private static readonly SimulatedContact Stranger = new();

    /// <summary>Documented: groups are refused; strangers have empty names; 466 when the quota is used up.</summary>
    public static async Task GetContactInfoAsync(ApiCall call)
    {
        if (call.Instance.IsQuotaExhausted)
        {
            await call.AnswerAsync(466, """{"invokeStatus":{"method":"getContactInfo","used":10,"total":10,"status":"QUOTE_EXCEEDED","description":"made up"}}""");
            return;
        }

        var asked = await call.ReadObjectAsync();
        var chatId = asked?.TryGetProperty("chatId", out var value) == true && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        if (chatId.Length == 0 || chatId.EndsWith("@g.us", StringComparison.OrdinalIgnoreCase) || chatId.StartsWith('-'))
        {
            await call.AnswerAsync(400, """{"statusCode":400,"message":"Validation failed. Details: 'chatId' is not the id of a person, use getGroupData for groups"}""");
            return;
        }

        var contact = call.Instance.Contacts.GetValueOrDefault(chatId, Stranger);
        await call.AnswerAsync(writer => Write(writer, call.Instance.TypeInstance, chatId, contact));
    }

    private static void Write(Utf8JsonWriter writer, string typeInstance, string chatId, SimulatedContact contact)
    {
        writer.WriteString("avatar", "");
        writer.WriteString("name", contact.Name);
        writer.WriteString("contactName", contact.ContactName);
        writer.WriteString("chatId", chatId);
        writer.WriteNull("lastSeen");
        if (typeInstance == "whatsapp")
        {
            writer.WriteString("email", "");
            writer.WriteString("category", "");
            writer.WriteString("description", "");
            writer.WriteStartArray("products");
            writer.WriteEndArray();
            writer.WriteBoolean("isArchive", false);
            writer.WriteBoolean("isBusiness", false);
        }
        else
        {
            writer.WriteNumber("phoneNumber", contact.PhoneNumber);
        }
    }
}
