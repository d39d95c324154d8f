using System.Buffers.Text;
using System.Text.Json;

namespace IncomingCalls;

/// <summary>A whole number that may be written as text.</summary>
internal static class JsonNumber
{
    /// <summary>The number that a value is; null when it is anything else or does not fit 64 bits.</summary>
    public static long? Of(JsonToken value, ReadOnlySpan<byte> json) =>
        value is { Type: JsonTokenType.Number } or { Type: JsonTokenType.String, IsEscaped: false }
        && Utf8Parser.TryParse(value.In(json), out long number, out var used)
        && used == value.Length
            ? number
            : null;
}
