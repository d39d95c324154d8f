using System.Text.Json;
using System.Text.RegularExpressions;

namespace IncomingCalls.Testing.Http;

/// <summary>The method checkWhatsapp.</summary>
internal static partial class WhatsappMethods
{
    /// <summary>
    /// Documented: a request with phoneNumber, whose answer is existsWhatsapp alone, and one with chatId; 466 after the quota of the month. Assumed: invalid
    /// requests are not counted.
    /// </summary>
    public static async Task CheckAsync(ApiRequest call)
    {
        var request = await call.ReadObjectAsync() ?? default;
        if (FindProblem(request) is { } problem)
        {
            await call.RespondValidationFailedAsync(problem);
            return;
        }

        if (call.Instance.IsQuotaExhausted || !call.Instance.CheckWhatsappQuota.TryUse())
        {
            await RespondQuotaExceededAsync(call);
            return;
        }

        if (Find(request, "chatId") is { } chatId)
        {
            var account = WhatsappAccount.Find(call.Instance, chatId.GetString()!);
            await call.RespondAsync(account.Write);
            return;
        }

        var exists = WhatsappAccount.Find(call.Instance, $"{Find(request, "phoneNumber")}@c.us").Exists;
        await call.RespondAsync(writer => writer.WriteBoolean("existsWhatsapp", exists));
    }

    /// <summary>Finds what is wrong with a request; null when it is valid. The texts are documented, and that about the formats is reported.</summary>
    private static string? FindProblem(JsonElement request) => (Find(request, "chatId"), Find(request, "phoneNumber")) switch
    {
        ({ } chatId, _) => chatId.ValueKind == JsonValueKind.String && Person().IsMatch(chatId.GetString()!) ? null : "'chatId' must be one of the next formats: 'phone_number@c.us' or 'chat_id@lid'",
        (null, { } number) => !Digits().IsMatch(number.ToString()) ? "'phoneNumber' must contain only digits"
            : number.ToString().Length is 11 or 12 ? null
            : "bad phone number, valid 11 or 12 digits",
        _ => "'value' must have at least 1 key",
    };

    private static JsonElement? Find(JsonElement request, string name) =>
        request.ValueKind == JsonValueKind.Object && request.TryGetProperty(name, out var value) ? value : null;

    private static Task RespondQuotaExceededAsync(ApiRequest call)
    {
        var (used, total) = (call.Instance.CheckWhatsappQuota.Used, call.Instance.CheckWhatsappQuota.Limit);
        return call.RespondAsync(466, $$$"""{"invokeStatus":{"method":"checkwhatsapp","used":{{{used}}},"total":{{{total}}},"status":"QUOTE_EXCEEDED","description":"made up"}}""");
    }

    [GeneratedRegex("^[0-9]+@(?:c\\.us|lid)$", RegexOptions.IgnoreCase)]
    private static partial Regex Person();

    [GeneratedRegex("^[0-9]+$")]
    private static partial Regex Digits();
}

/// <summary>What checkWhatsapp finds out about an account.</summary>
internal sealed class WhatsappAccount
{
    public required bool Exists { get; init; }

    public string LinkedId { get; init; } = "";

    public string PhoneNumber { get; init; } = "";

    public string Username { get; init; } = "";

    /// <summary>
    /// Finds an account. Documented: the phone number of a linked id is empty when its owner hides it. Assumed: it is not when the request contains the
    /// number; every number has an account unless its contact says otherwise; a linked id has one if it is that of a number or of a contact.
    /// </summary>
    public static WhatsappAccount Find(SimulatedInstance instance, string chatId)
    {
        var isLinkedId = chatId.EndsWith("@lid", StringComparison.OrdinalIgnoreCase);
        var number = isLinkedId ? instance.FindPhoneNumber(chatId) : chatId;
        var contact = instance.Contacts.GetValueOrDefault(number ?? chatId);
        return (number is null && contact is null) || contact?.HasAccount == false ? new() { Exists = false } : new()
        {
            Exists = true,
            LinkedId = isLinkedId ? chatId : instance.LidOf(chatId),
            PhoneNumber = number is null || (isLinkedId && contact?.IsPhoneNumberHidden == true) ? "" : number,
            Username = contact?.Username ?? "",
        };
    }

    /// <summary>Reported.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteBoolean("existsWhatsapp", Exists);
        writer.WriteString("chatId", LinkedId);
        writer.WriteString("username", Username);
        writer.WriteString("phoneNumber", PhoneNumber);
        writer.WriteBoolean("fromCache", false);
    }
}
