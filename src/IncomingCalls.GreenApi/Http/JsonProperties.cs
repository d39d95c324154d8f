using System.Runtime.InteropServices;
using System.Text.Json;
using IncomingCalls.Shared;

namespace IncomingCalls.GreenApi.Http;

/// <summary>
/// Reads properties of a response. Types vary between servers (a number or a text, "yes" or true), so a value of an unexpected type counts as
/// missing.
/// </summary>
internal static class JsonProperties
{
    public static JsonElement? Find(JsonElement json, string name)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        JsonElement? found = null;
        foreach (var property in json.EnumerateObject())
        {
            found = IsNamed(property, name) ? property.Value : found;
        }

        return found;
    }

    public static bool? ReadFlag(JsonElement json, string name) => Find(json, name) switch
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

    /// <summary>Reads a text that may have been chosen by a caller. Half of an emoji in one property must not make the others unreadable.</summary>
    public static string? ReadText(JsonElement json, string name) =>
        Find(json, name) is { ValueKind: JsonValueKind.String } text && ReceivedText.RemoveControls(ReadText(text)).Trim() is { Length: > 0 } value ? value : null;

    /// <summary>Reads a string, also one that is not valid Unicode, for which <see cref="JsonElement.GetString"/> throws.</summary>
    public static string ReadText(JsonElement text)
    {
        var reader = ReadValue(text);
        return ReceivedText.Read(ref reader);
    }

    public static long? ReadNumber(JsonElement json, string name)
    {
        if (Find(json, name) is not { } value)
        {
            return null;
        }

        var reader = ReadValue(value);
        return JsonNumber.ReadId(ref reader);
    }

    /// <summary>Reads a Unix time; null also for 0, which stands for no time.</summary>
    public static DateTimeOffset? ReadTime(JsonElement json, string name)
    {
        if (Find(json, name) is not { } value)
        {
            return null;
        }

        var reader = ReadValue(value);
        return JsonNumber.ReadSeconds(ref reader) is > 0 and var seconds ? JsonNumber.ToTime(seconds) : null;
    }

    /// <summary>Reads an id, also one that is written as a number; null when it contains characters that no id has.</summary>
    public static string? ReadId(JsonElement json, string name) => Find(json, name) switch
    {
        { ValueKind: JsonValueKind.String } text when ReadText(text).Trim() is { Length: > 0 } id && ReceivedText.IsId(id) => id,
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    /// <summary>Reads a chat id; null when it identifies no account: journals have been seen to contain ids such as <c>0@c.us</c>.</summary>
    public static ChatId? ReadChatId(JsonElement json, string name) =>
        ChatId.TryParse(ReadId(json, name), out var id) && (id.Kind == ChatIdKind.Phone ? id.PhoneNumber is not null : id.Value.AsSpan().ContainsAnyInRange('1', '9')) ? id : null;

    /// <summary>Reads the chat id with a phone number, which may be written as digits alone.</summary>
    public static ChatId? ReadPhoneNumber(JsonElement json, string name) =>
        ReadId(json, name) is { } text && ChatId.TryParse(text.Contains('@', StringComparison.Ordinal) ? text : $"{text.TrimStart('+')}@c.us", out var id) && id.PhoneNumber is not null ? id : null;

    private static Utf8JsonReader ReadValue(JsonElement value)
    {
        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(value));
        reader.Read();
        return reader;
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
