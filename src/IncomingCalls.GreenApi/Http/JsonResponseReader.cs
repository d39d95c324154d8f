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
        var (isRead, value) = json is null ? default : TryRead(read, json.RootElement);
        var status = isRead ? GreenApiStatus.Ok : ErrorResponseReader.FindStatus(body.Span) ?? GreenApiStatus.InvalidResponse;
        return new() { Status = status, HttpStatus = (int)response.StatusCode, Value = value };
    }

    private static (bool IsRead, T? Value) TryRead<T>(Func<JsonElement, (bool IsRead, T? Value)> read, JsonElement json)
    {
        try
        {
            return read(json);
        }
        catch (InvalidOperationException)
        {
            // A text that is not valid UTF-8; the parser does not check that.
            return default;
        }
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
        WebhookUrl = FindProperty(json, "webhookUrl") is { ValueKind: JsonValueKind.String } url ? url.GetString() : null,
        HasWebhookUrlToken = ReadText(json, "webhookUrlToken") is not null,
        WebhookUrlToken = ReadText(json, "webhookUrlToken"),
        IncomingWebhook = ReadFlag(json, "incomingWebhook"),
        IncomingCallWebhook = ReadFlag(json, "incomingCallWebhook"),
        OutgoingCallWebhook = ReadFlag(json, "outgoingCallWebhook"),
        EnableLidMode = ReadFlag(json, "enableLidMode"),
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
        { ValueKind: JsonValueKind.String } text => text.GetString()?.ToUpperInvariant() switch
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
    private static string? ReadText(JsonElement json, string name)
    {
        if (FindProperty(json, name) is not { ValueKind: JsonValueKind.String } text)
        {
            return null;
        }

        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(text));
        reader.Read();
        return ReceivedText.RemoveControls(ReceivedText.Read(ref reader)).Trim() is { Length: > 0 } value ? value : null;
    }

    private static long? ReadNumber(JsonElement json, string name) => FindProperty(json, name) switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out var value) => value,
        { ValueKind: JsonValueKind.String } text when long.TryParse(text.GetString(), out var value) => value,
        _ => null,
    };

    private static JsonElement? FindProperty(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value : null;
}
