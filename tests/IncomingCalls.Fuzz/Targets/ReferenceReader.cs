using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace IncomingCalls.Fuzz.Targets;

/// <summary>
/// Reads a notification with <see cref="JsonDocument"/>, in the simplest way that follows the documentation of <see cref="NotificationReader"/>. It is
/// slow, and shares no code with the reader.
/// </summary>
internal static class ReferenceReader
{
    private const int MaxTextBytes = 128;
    private const int MaxRawTextBytes = 6 * MaxTextBytes;
    private const long LastSecond = 253370764799;

    public static ReferenceReading Read(ReadOnlyMemory<byte> utf8Json)
    {
        var json = utf8Json.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? utf8Json[3..] : utf8Json;
        try
        {
            using var document = JsonDocument.Parse(json, new() { MaxDepth = int.MaxValue });
            return Read(document.RootElement);
        }
        catch (JsonException)
        {
            // The receipt id is not compared: the reader returns it if it precedes the error.
            return new() { Kind = NotificationKind.NotANotification };
        }
    }

    private static ReferenceReading Read(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return new() { Kind = NotificationKind.NotANotification };
        }

        var outer = GetProperties(root);
        var receiptId = ReadId(Find(outer, "receiptid"));
        // Of several bodies, the last object counts, and only if the document itself names no type.
        JsonElement? body = null;
        foreach (var property in outer.Where(property => property.Name == "body" && property.Value.ValueKind == JsonValueKind.Object))
        {
            body = property.Value;
        }

        return IsText(Find(outer, "typewebhook")) || body is null ? Read(outer, receiptId) : Read(GetProperties(body.Value), receiptId);
    }

    private static ReferenceReading Read(List<(string Name, JsonElement Value)> properties, long? receiptId)
    {
        if (!IsText(Find(properties, "typewebhook")) || !TryReadText(Find(properties, "typewebhook"), out var type))
        {
            return new() { Kind = NotificationKind.NotANotification, ReceiptId = receiptId };
        }

        var instance = Find(properties, "instancedata") is { ValueKind: JsonValueKind.Object } found ? GetProperties(found) : [];
        var reading = new ReferenceReading
        {
            Kind = NotificationKind.OtherType,
            Type = type,
            IdInstance = ReadId(Find(instance, "idinstance")) is > 0 and var idInstance ? idInstance : null,
            IdMessage = TryReadId(Find(properties, "idmessage"), out var idMessage) ? idMessage : null,
            Timestamp = ReadTime(Find(properties, "timestamp")),
            ReceiptId = receiptId,
        };
        if (type is not ("incomingCall" or "outgoingCall") || Unescape(Find(properties, "typewebhook")!.Value) != type)
        {
            return reading;
        }

        return reading.IdMessage is null || reading.IdInstance is null
            || !TryReadId(Find(properties, "from"), out var from) || !TryReadStatus(Find(properties, "status"), out var status)
            || !TryReadId(Find(instance, "wid"), out var wid) || !TryReadText(Find(instance, "typeinstance"), out var typeInstance)
            ? reading with { Kind = NotificationKind.NotUnderstood }
            : reading with
            {
                Kind = NotificationKind.IncomingCall,
                Direction = type == "outgoingCall" ? CallDirection.Outgoing : CallDirection.Incoming,
                From = ToChatId(from),
                Status = status,
                Wid = ToChatId(wid),
                TypeInstance = typeInstance,
                Duration = ReadSeconds(Find(properties, "duration")) is >= 0 and <= int.MaxValue and var duration ? duration : null,
                IsVideo = Find(properties, "isvideo")?.ValueKind switch { JsonValueKind.True => true, JsonValueKind.False => false, _ => null },
                Participants = ReadParticipants(Find(properties, "participants")),
            };
    }

    private static string ReadParticipants(JsonElement? participants) => participants is not { ValueKind: JsonValueKind.Array } array
        ? ""
        : string.Join(";", array.EnumerateArray().Where(element => element.ValueKind == JsonValueKind.Object).Select(GetProperties).Select(ReadParticipant).OfType<string>());

    private static string? ReadParticipant(List<(string Name, JsonElement Value)> properties)
    {
        JsonElement? id = properties.FindLast(property => property.Name is "wid" or "id").Value is { ValueKind: not JsonValueKind.Undefined } value ? value : null;
        return TryReadId(id, out var text) && ToChatId(text) is { } chatId && TryReadText(Find(properties, "status"), out var status) ? $"{chatId}={status}" : null;
    }

    private static List<(string Name, JsonElement Value)> GetProperties(JsonElement json) =>
        [.. json.EnumerateObject().Select(property => (GetName(property), property.Value))];

    private static string GetName(JsonProperty property)
    {
        try
        {
            return property.Name.ToLowerInvariant() is var name && Ascii.IsValid(property.Name) ? name : "";
        }
        catch (InvalidOperationException)
        {
            return "";
        }
    }

    private static JsonElement? Find(List<(string Name, JsonElement Value)> properties, string name) =>
        properties.FindLast(property => property.Name == name).Value is { ValueKind: not JsonValueKind.Undefined } value ? value : null;

    private static bool IsText(JsonElement? value) => value is { ValueKind: JsonValueKind.String } text && GetRaw(text).Length > 2;

    private static bool TryReadStatus(JsonElement? value, out string? status)
    {
        status = value?.ValueKind switch { JsonValueKind.Object => "{", JsonValueKind.Array => "[", JsonValueKind.True => "true", JsonValueKind.False => "false", _ => null };
        return status is not null || TryReadText(value, out status);
    }

    private static bool TryReadText(JsonElement? value, out string? text)
    {
        if (!TryRead(value, out text))
        {
            return false;
        }

        var visible = text is null ? null : string.Concat(text.Where(static character => !char.IsControl(character)));
        text = visible is "" ? "unknown" : visible;
        return true;
    }

    private static bool TryReadId(JsonElement? value, out string? id) =>
        TryRead(value, out id) && (id is null || !id.Any(static character => char.IsControl(character) || character == '\uFFFD'));

    private static bool TryRead(JsonElement? value, out string? text)
    {
        text = value is { ValueKind: JsonValueKind.String or JsonValueKind.Number } element ? Unescape(element) : null;
        if (text is "" or null)
        {
            text = null;
            return true;
        }

        var rawLength = GetRaw(value!.Value).Length - (value.Value.ValueKind == JsonValueKind.String ? 2 : 0);
        return rawLength <= MaxRawTextBytes && Encoding.UTF8.GetByteCount(text) <= MaxTextBytes;
    }

    /// <summary>Unescapes a string, with U+FFFD in place of what is no valid Unicode.</summary>
    private static string Unescape(JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Number)
        {
            return element.GetRawText();
        }

        var raw = Encoding.UTF8.GetString(GetRaw(element)[1..^1]);
        var text = new StringBuilder();
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
            }
            else if (raw[++i] == 'u')
            {
                text.Append((char)int.Parse(raw.AsSpan(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 4;
            }
            else
            {
                text.Append(raw[i] switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', var other => other });
            }
        }

        return string.Concat(text.ToString().EnumerateRunes().Select(static rune => rune.ToString()));
    }

    private static long? ReadId(JsonElement? value) => ReadNumber(value) is { } number && number == decimal.Truncate(number) ? (long)number : null;

    private static long? ReadSeconds(JsonElement? value) => ReadNumber(value) is { } number ? (long)decimal.Truncate(number) : null;

    private static long? ReadTime(JsonElement? value)
    {
        var number = ReadSeconds(value);
        var seconds = number > LastSecond ? number / 1000 : number;
        return seconds is >= 0 and <= LastSecond ? seconds : null;
    }

    private static decimal? ReadNumber(JsonElement? value)
    {
        if (value is not { ValueKind: JsonValueKind.String or JsonValueKind.Number } element)
        {
            return null;
        }

        var raw = GetRaw(element);
        var text = element.ValueKind == JsonValueKind.String ? raw[1..^1] : raw;
        return text.Length <= 64 && !text.Contains((byte)'\\')
            && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number)
            && number is >= long.MinValue and <= long.MaxValue ? number : null;
    }

    private static string? ToChatId(string? text) => ChatId.TryParse(text, out var chatId) ? chatId.Value : null;

    private static ReadOnlySpan<byte> GetRaw(JsonElement element) => JsonMarshal.GetRawUtf8Value(element);
}

/// <summary>What is compared of a result.</summary>
internal sealed record ReferenceReading
{
    public required NotificationKind Kind { get; init; }

    public string? Type { get; init; }

    public long? IdInstance { get; init; }

    public string? IdMessage { get; init; }

    public long? Timestamp { get; init; }

    public long? ReceiptId { get; init; }

    public CallDirection Direction { get; init; }

    public string? From { get; init; }

    public string? Status { get; init; }

    public string? Wid { get; init; }

    public string? TypeInstance { get; init; }

    public long? Duration { get; init; }

    public bool? IsVideo { get; init; }

    public string Participants { get; init; } = "";

    public static ReferenceReading Create(NotificationReading reading) => new()
    {
        Kind = reading.Kind,
        Type = reading.Type,
        IdInstance = reading.IdInstance,
        IdMessage = reading.IdMessage,
        Timestamp = (reading.Call?.Timestamp ?? reading.Timestamp)?.ToUnixTimeSeconds(),
        // After invalid JSON the reader returns a receipt id that precedes the error.
        ReceiptId = reading.Reason?.Contains("not valid JSON", StringComparison.Ordinal) == true ? null : reading.ReceiptId,
        Direction = reading.Call?.Direction ?? CallDirection.Incoming,
        From = reading.Call?.From?.Value,
        Status = reading.Call?.RawStatus,
        Wid = reading.Call?.Instance.Wid?.Value,
        TypeInstance = reading.Call?.Instance.TypeInstance,
        Duration = (long?)reading.Call?.Duration?.TotalSeconds,
        IsVideo = reading.Call?.IsVideo,
        Participants = string.Join(";", reading.Call?.Participants.Select(participant => $"{participant.Id.Value}={participant.RawStatus}") ?? []),
    };
}
