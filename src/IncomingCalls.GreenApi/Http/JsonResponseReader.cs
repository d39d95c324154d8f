using System.Runtime.InteropServices;
using System.Text.Json;
using IncomingCalls.Shared;

namespace IncomingCalls.GreenApi.Http;

/// <summary>
/// Reads the needed properties of a response. Types vary between servers (a number or a text, "yes" or true), so a value of an
/// unexpected type counts as missing.
/// </summary>
internal static class JsonResponseReader
{
    /// <summary>Larger than the contact of a business with a long catalogue.</summary>
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
        ContactName = ReadText(json, "contactName"),
        Name = ReadText(json, "name"),
        PhoneNumber = ReadNumber(json, "phoneNumber") is > 0 and var number ? number : null,
        Avatar = ReadText(json, "avatar"),
    };

    public static GreenApiSettings? ReadSettings(JsonElement json) => !IsSuccess(json) ? null : new()
    {
        WebhookUrl = FindProperty(json, "webhookUrl") is { ValueKind: JsonValueKind.String } url ? ReadText(url) : null,
        HasWebhookUrlToken = ReadText(json, "webhookUrlToken") is not null,
        WebhookUrlToken = ReadText(json, "webhookUrlToken"),
        IncomingWebhook = ReadFlag(json, "incomingWebhook"),
        IncomingCallWebhook = ReadFlag(json, "incomingCallWebhook"),
        OutgoingCallWebhook = ReadFlag(json, "outgoingCallWebhook"),
        EnableLidMode = ReadFlag(json, "enableLidMode"),
        Wid = ChatId.TryParse(ReadText(json, "wid"), out var wid) ? wid : null,
    };

    public static GreenApiState? ReadState(JsonElement json) =>
        // The body is null while the instance is being created.
        json.ValueKind == JsonValueKind.Null ? GreenApiState.FromWire(null)
        : IsSuccess(json) && FindProperty(json, "stateInstance") is not null ? GreenApiState.FromWire(ReadText(json, "stateInstance"))
        : null;

    public static bool? ReadSaved(JsonElement json) => IsSuccess(json) ? ReadFlag(json, "saveSettings") : null;

    public static long? ReadCount(JsonElement json) => !IsSuccess(json) ? null : ReadNumber(json, "count") ?? ReadNumber(json, CyrillicCountProperty);

    public static bool? ReadFlag(JsonElement json, string name) => FindProperty(json, name) switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.String } text => ReadText(text).ToUpperInvariant() switch
        {
            "YES" or "TRUE" => true,
            "NO" or "FALSE" => false,
            _ => null,
        },
        _ => null,
    };

    /// <summary>Whether the response is an object other than the <c>{"status":false}</c> of an error.</summary>
    private static bool IsSuccess(JsonElement json) => json.ValueKind == JsonValueKind.Object && ReadFlag(json, "status") != false;

    /// <summary>Reads a text that may have been chosen by a caller. Half of an emoji in one property must not make the others unreadable.</summary>
    private static string? ReadText(JsonElement json, string name) =>
        FindProperty(json, name) is { ValueKind: JsonValueKind.String } text && ReceivedText.RemoveControls(ReadText(text)).Trim() is { Length: > 0 } value ? value : null;

    /// <summary>Reads a string, also one that is not valid Unicode, for which <see cref="JsonElement.GetString"/> throws.</summary>
    private static string ReadText(JsonElement text)
    {
        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(text));
        reader.Read();
        return ReceivedText.Read(ref reader);
    }

    private static long? ReadNumber(JsonElement json, string name) => FindProperty(json, name) switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out var value) => value,
        { ValueKind: JsonValueKind.String } text when long.TryParse(ReadText(text), out var value) => value,
        _ => null,
    };

    private static JsonElement? FindProperty(JsonElement json, string name)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        JsonElement? found = null;
        foreach (var property in json.EnumerateObject().Where(property => IsNamed(property, name)))
        {
            found = property.Value;
        }

        return found;
    }

    /// <summary>A name that is not valid Unicode is not the name of any property that is read here.</summary>
    private static bool IsNamed(JsonProperty property, string name)
    {
        try
        {
            return property.NameEquals(name);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
