using System.Text.Json;

namespace IncomingCalls;

/// <summary>
/// Reads the few properties that matter from an answer. Types vary between servers (a number or a text, "yes" or true), so
/// anything of another type than expected counts as missing.
/// </summary>
internal static class JsonAnswer
{
    private const int MaxRead = 256 * 1024;

    /// <summary>The sample of the documentation begins with a Cyrillic letter, and so may the answer of a server.</summary>
    private const string CyrillicCount = "\u0441ount";

    public static Func<HttpResponseMessage, CancellationToken, Task<GreenApiResult<T>>> ReaderOf<T>(Func<JsonElement, T?> read)
        where T : class =>
        (response, cancellationToken) => ReadAsync(response, json => read(json) is { } value ? (true, value) : default((bool, T?)), cancellationToken);

    public static Func<HttpResponseMessage, CancellationToken, Task<GreenApiResult<T>>> ReaderOf<T>(Func<JsonElement, T?> read)
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
        var body = await BodyBytes.ReadAsync(stream, MaxRead, cancellationToken).ConfigureAwait(false);
        using var json = TryParse(body);
        var (isRead, value) = json is null ? default : TryRead(read, json.RootElement);
        var status = isRead ? GreenApiStatus.Ok : ErrorAnswer.Meaning(body.Span) ?? GreenApiStatus.InvalidAnswer;
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
            // A text that is not UTF-8, which the parser does not look for.
            return default;
        }
    }

    public static GreenApiContact? Contact(JsonElement json) => !IsAnswer(json) ? null : new()
    {
        ContactName = Text(json, "contactName"),
        Name = Text(json, "name"),
        PhoneNumber = Number(json, "phoneNumber") is > 0 and var number ? number : null,
        Avatar = Text(json, "avatar"),
    };

    public static GreenApiSettings? Settings(JsonElement json) => !IsAnswer(json) ? null : new()
    {
        WebhookUrl = Property(json, "webhookUrl") is { ValueKind: JsonValueKind.String } url ? url.GetString() : null,
        HasWebhookUrlToken = Text(json, "webhookUrlToken") is not null,
        WebhookUrlToken = Text(json, "webhookUrlToken"),
        IncomingWebhook = Flag(json, "incomingWebhook"),
        IncomingCallWebhook = Flag(json, "incomingCallWebhook"),
        OutgoingCallWebhook = Flag(json, "outgoingCallWebhook"),
        EnableLidMode = Flag(json, "enableLidMode"),
    };

    public static GreenApiState? State(JsonElement json) =>
        // The body is null while the instance is being created.
        json.ValueKind == JsonValueKind.Null ? GreenApiState.Of(null)
        : IsAnswer(json) && Property(json, "stateInstance") is not null ? GreenApiState.Of(Text(json, "stateInstance"))
        : null;

    public static bool? Saved(JsonElement json) => IsAnswer(json) ? Flag(json, "saveSettings") : null;

    public static long? Count(JsonElement json) => !IsAnswer(json) ? null : Number(json, "count") ?? Number(json, CyrillicCount);

    public static bool? Flag(JsonElement json, string name) => Property(json, name) switch
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

    /// <summary>An object that is not the <c>{"status":false}</c> of an error.</summary>
    private static bool IsAnswer(JsonElement json) => json.ValueKind == JsonValueKind.Object && Flag(json, "status") != false;

    private static string? Text(JsonElement json, string name) =>
        Property(json, name) is { ValueKind: JsonValueKind.String } text && text.GetString()?.Trim() is { Length: > 0 } value ? value : null;

    private static long? Number(JsonElement json, string name) => Property(json, name) switch
    {
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out var value) => value,
        { ValueKind: JsonValueKind.String } text when long.TryParse(text.GetString(), out var value) => value,
        _ => null,
    };

    private static JsonElement? Property(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) ? value : null;
}
