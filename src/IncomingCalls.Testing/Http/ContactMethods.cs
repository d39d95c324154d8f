using System.Text.Json;
using System.Text.RegularExpressions;

namespace IncomingCalls.Testing.Http;

/// <summary>The method getContactInfo.</summary>
internal static partial class ContactMethods
{
    private static readonly SimulatedContact UnknownContact = new();

    /// <summary>Documented: groups are rejected; unknown contacts have empty names; 466 when the quota is exhausted.</summary>
    public static async Task GetContactInfoAsync(ApiRequest call)
    {
        if (call.Instance.IsQuotaExhausted)
        {
            await call.RespondAsync(466, """{"invokeStatus":{"method":"getContactInfo","used":10,"total":10,"status":"QUOTE_EXCEEDED","description":"made up"}}""");
            return;
        }

        var request = await call.ReadObjectAsync();
        var chatId = request?.TryGetProperty("chatId", out var value) == true && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        if (chatId.Length == 0 || chatId.EndsWith("@g.us", StringComparison.OrdinalIgnoreCase) || chatId.StartsWith('-'))
        {
            await call.RespondAsync(400, """{"statusCode":400,"message":"Validation failed. Details: 'chatId' is not the id of a person, use getGroupData for groups"}""");
            return;
        }

        var contact = call.Instance.Contacts.GetValueOrDefault(chatId, UnknownContact);
        if (call.Instance.TypeInstance == "whatsapp" && !Person().IsMatch(chatId))
        {
            // Reported; the wording is an invention of the simulator.
            await call.RespondAsync(400, """{"statusCode":400,"message":"Validation failed. Details: 'chatId' must be one of the following formats: phone_number@c.us or id@lid"}""");
            return;
        }

        await call.RespondAsync(writer => WriteContact(writer, call.Instance.TypeInstance, chatId, contact));
    }

    [GeneratedRegex("^[0-9]+@(?:c\\.us|lid)$", RegexOptions.IgnoreCase)]
    private static partial Regex Person();

    /// <summary>Documented: the format of WhatsApp; MAX and Telegram return a phone number, which is 0 when it is hidden.</summary>
    private static void WriteContact(Utf8JsonWriter writer, string typeInstance, string chatId, SimulatedContact contact)
    {
        writer.WriteString("avatar", "");
        writer.WriteString("name", contact.Name);
        writer.WriteString("contactName", contact.ContactName);
        writer.WriteString("chatId", chatId);
        if (typeInstance == "telegram")
        {
            // Documented as an integer for Telegram, and as a string or null for the other messengers.
            writer.WriteNumber("lastSeen", 0);
        }
        else
        {
            writer.WriteNull("lastSeen");
        }

        if (typeInstance == "whatsapp")
        {
            writer.WriteString("email", "");
            writer.WriteString("category", "");
            writer.WriteString("description", "");
            writer.WriteStartArray("products");
            writer.WriteEndArray();
            writer.WriteBoolean("isArchive", false);
            writer.WriteBoolean("isDisappearing", false);
            writer.WriteBoolean("isMute", false);
            writer.WriteNumber("messageExpiration", 0);
            writer.WriteNull("muteExpiration");
            writer.WriteBoolean("isBusiness", false);
        }
        else
        {
            writer.WriteNumber("phoneNumber", contact.PhoneNumber);
        }
    }
}
