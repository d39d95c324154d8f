using System.Globalization;
using System.Text.Json;

namespace IncomingCalls.GreenApi.Http;

/// <summary>Reads responses with a success status: the properties that are needed, and nothing else.</summary>
internal static class JsonResponseReader
{
    /// <summary>Larger than the contact of a business with a long catalogue, and than a journal of 10,000 calls.</summary>
    private const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>The property name with a Cyrillic first letter, as in the sample of the vendor's documentation and possibly in responses.</summary>
    private const string CyrillicCountProperty = "\u0441ount";

    public static Func<HttpResponseMessage, CancellationToken, Task<GreenApiResult<T>>> CreateReader<T>(Func<JsonElement, T?> read)
        where T : class =>
        (response, cancellationToken) => ReadAsync(response, json => read(json) is { } value ? (true, value) : default((bool, T?)), cancellationToken);

    public static Func<HttpResponseMessage, CancellationToken, Task<GreenApiResult<T>>> CreateReader<T>(Func<JsonElement, T?> read)
        where T : struct =>
        (response, cancellationToken) => ReadAsync(response, json => read(json) is { } value ? (true, value) : default, cancellationToken);

    public static JsonDocument? TryParse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task<GreenApiResult<T>> ReadAsync<T>(
        HttpResponseMessage response, Func<JsonElement, (bool IsRead, T? Value)> read, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var disposal = stream.ConfigureAwait(false);
        var body = await ResponseBody.ReadAsync(stream, MaxBytes, cancellationToken).ConfigureAwait(false);
        using var json = TryParse(body);
        var (isRead, value) = json is null ? default : read(json.RootElement);
        var status = isRead ? GreenApiStatus.Ok : ErrorResponseReader.FindStatus(body.Span) ?? GreenApiStatus.InvalidResponse;
        return new() { Status = status, HttpStatus = (int)response.StatusCode, Value = value };
    }

    public static GreenApiContact? ReadContact(JsonElement json) => !IsSuccess(json) ? null : new()
    {
        ContactName = JsonProperties.ReadText(json, "contactName"),
        Name = JsonProperties.ReadText(json, "name"),
        PhoneNumber = ReadPhoneDigits(json, "phoneNumber"),
        Avatar = JsonProperties.ReadText(json, "avatar"),
    };

    public static GreenApiSettings? ReadSettings(JsonElement json) => !IsSuccess(json) ? null : new()
    {
        WebhookUrl = JsonProperties.Find(json, "webhookUrl") is { ValueKind: JsonValueKind.String } url ? JsonProperties.ReadText(url) : null,
        HasWebhookUrlToken = JsonProperties.ReadText(json, "webhookUrlToken") is not null,
        WebhookUrlToken = JsonProperties.ReadText(json, "webhookUrlToken"),
        IncomingWebhook = JsonProperties.ReadFlag(json, "incomingWebhook"),
        IncomingCallWebhook = JsonProperties.ReadFlag(json, "incomingCallWebhook"),
        OutgoingCallWebhook = JsonProperties.ReadFlag(json, "outgoingCallWebhook"),
        EnableLidMode = JsonProperties.ReadFlag(json, "enableLidMode"),
        Wid = ChatId.TryParse(JsonProperties.ReadText(json, "wid"), out var wid) ? wid : null,
    };

    public static GreenApiState? ReadState(JsonElement json) =>
        // The body is null while the instance is being created.
        json.ValueKind == JsonValueKind.Null ? GreenApiState.FromWire(null)
        : IsSuccess(json) && JsonProperties.Find(json, "stateInstance") is not null ? GreenApiState.FromWire(JsonProperties.ReadText(json, "stateInstance"))
        : null;

    public static GreenApiAccount? ReadAccount(JsonElement json) => !IsSuccess(json) || JsonProperties.ReadFlag(json, "existsWhatsapp") is not { } exists ? null : new()
    {
        Exists = exists,
        // An empty number is a hidden one, whatever else the response contains.
        PhoneNumber = IsEmptyText(json, "phoneNumber") ? null : JsonProperties.ReadPhoneNumber(json, "phoneNumber") ?? ReadChatId(json, ChatIdKind.Phone),
        LinkedId = ReadChatId(json, ChatIdKind.Lid),
        Username = JsonProperties.ReadText(json, "username"),
    };

    public static GreenApiWaSettings? ReadWaSettings(JsonElement json) =>
        ReadState(json) is var state && state is null && (!IsSuccess(json) || JsonProperties.Find(json, "phone") is null) ? null : new()
        {
            State = state,
            PhoneNumber = JsonProperties.ReadPhoneNumber(json, "phone") ?? ReadChatId(json, ChatIdKind.Phone),
            LinkedId = ReadChatId(json, ChatIdKind.Lid),
            // The name since July 2026, and the one before.
            SuspendedUntil = JsonProperties.ReadTime(json, "suspendedUntil") ?? JsonProperties.ReadTime(json, "yellowCardUntil"),
            IsLoggingOut = JsonProperties.ReadFlag(json, "logoutProcess") == true,
        };

    public static bool? ReadSaved(JsonElement json) => IsSuccess(json) ? JsonProperties.ReadFlag(json, "saveSettings") : null;

    public static long? ReadCount(JsonElement json) => !IsSuccess(json) ? null : JsonProperties.ReadNumber(json, "count") ?? JsonProperties.ReadNumber(json, CyrillicCountProperty);

    /// <summary>Whether the response is an object other than the <c>{"status":false}</c> of an error.</summary>
    private static bool IsSuccess(JsonElement json) => json.ValueKind == JsonValueKind.Object && JsonProperties.ReadFlag(json, "status") != false;

    private static bool IsEmptyText(JsonElement json, string name) => JsonProperties.Find(json, name) is { ValueKind: JsonValueKind.String } && JsonProperties.ReadText(json, name) is null;

    /// <summary>Reads the digits of a phone number: a number, or a text with or without <c>@c.us</c>; null for 0 and an empty text, which stand for a hidden number.</summary>
    private static long? ReadPhoneDigits(JsonElement json, string name) =>
        JsonProperties.ReadNumber(json, name) is { } number ? (number > 0 ? number : null)
        : JsonProperties.ReadPhoneNumber(json, name)?.PhoneNumber is { } text ? long.Parse(text.AsSpan(1), NumberStyles.None, CultureInfo.InvariantCulture)
        : null;

    /// <summary>Reads <c>chatId</c> if it is of a kind: a linked id on newer servers, a phone number on older ones.</summary>
    private static ChatId? ReadChatId(JsonElement json, ChatIdKind kind) => JsonProperties.ReadChatId(json, "chatId") is { } id && id.Kind == kind ? id : null;
}
