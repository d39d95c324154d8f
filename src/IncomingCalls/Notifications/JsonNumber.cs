using System.Buffers.Text;
using System.Text.Json;

namespace IncomingCalls;

/// <summary>A whole number that may be written as text.</summary>
internal static class JsonNumber
{
    /// <summary>The number the reader stands at; null when it is anything else or does not fit 64 bits.</summary>
    public static long? At(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.TryGetInt64(out var number) => number,
        JsonTokenType.String when !reader.ValueIsEscaped
            && Utf8Parser.TryParse(reader.ValueSpan, out long number, out var used)
            && used == reader.ValueSpan.Length => number,
        _ => null,
    };
}
