using System.Text.Json;

namespace IncomingCalls;

/// <summary>A value where it stands in the document; of a text what is between the quotation marks.</summary>
internal readonly struct JsonToken(JsonTokenType type, int start, int length, bool isEscaped = false)
{
    public JsonTokenType Type => type;

    public int Start => start;

    public int Length => length;

    /// <summary>Whether a text holds a backslash.</summary>
    public bool IsEscaped => isEscaped;

    public Range Extent => start..(start + length);

    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> json) => json.Slice(start, length);
}
