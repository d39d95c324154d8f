using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.Intrinsics;
using System.Text.Json;

namespace IncomingCalls.Wire;

/// <summary>
/// Reads a document from front to back. It knows what notifications are made of: objects, plain texts, whole numbers and
/// literals. Everything rarer it leaves to <see cref="Utf8JsonReader"/>, value by value, so that between them no byte is
/// unchecked.
/// </summary>
/// <remarks>
/// A reader that can stop anywhere and knows where in the document it is costs as much as everything else here: an offer took
/// 382 ns with <see cref="Utf8JsonReader"/> and takes 255 with this.
/// </remarks>
internal ref struct JsonScanner(ReadOnlySpan<byte> json)
{
    // Foreign messages may nest as they like; Utf8JsonReader keeps one bit per level, so depth costs no stack.
    public static readonly JsonReaderOptions Lenient = new() { MaxDepth = int.MaxValue };

    private static readonly SearchValues<byte> EndOfPlainText =
        SearchValues.Create([.. Enumerable.Range(0, ' ').Select(control => (byte)control), (byte)'"', (byte)'\\']);

    private readonly ReadOnlySpan<byte> _json = json;
    private int _position;

    /// <summary>Where the next value begins, or the last one ended.</summary>
    public readonly int Position => _position;

    /// <summary>Whether the next value is an object.</summary>
    public bool IsAtObject()
    {
        SkipBlanks();
        return Peek() == '{';
    }

    /// <summary>Enters an object or array; <see cref="MoveNext"/> leads through it.</summary>
    public bool TryEnter(char opening)
    {
        SkipBlanks();
        if (Peek() != opening)
        {
            return false;
        }

        _position++;
        return true;
    }

    /// <summary>Goes to the next property or element; false after the last, behind the closing bracket.</summary>
    /// <param name="closing">The bracket.</param>
    /// <param name="isFirst">True before the first.</param>
    public bool MoveNext(char closing, ref bool isFirst)
    {
        SkipBlanks();
        var next = Peek();
        if (next == closing && isFirst)
        {
            _position++;
            return false;
        }

        if (!isFirst)
        {
            _position++;
            if (next == closing)
            {
                return false;
            }

            if (next != ',')
            {
                Break();
            }

            SkipBlanks();
        }

        isFirst = false;
        return true;
    }

    /// <summary>Reads the name of a property, and goes to its value.</summary>
    public JsonToken ReadName()
    {
        if (Peek() != '"')
        {
            Break();
        }

        var name = ReadText();
        SkipBlanks();
        if (Peek() != ':')
        {
            Break();
        }

        _position++;
        SkipBlanks();
        return name;
    }

    /// <summary>Reads a value whole, whatever it is.</summary>
    public JsonToken ReadValue() => Peek() switch
    {
        '"' => ReadText(),
        >= '0' and <= '9' => ReadNumber(),
        't' when TrySkip("true"u8) => new(JsonTokenType.True, _position - 4, 4),
        'f' when TrySkip("false"u8) => new(JsonTokenType.False, _position - 5, 5),
        'n' when TrySkip("null"u8) => new(JsonTokenType.Null, _position - 4, 4),
        _ => ReadRare(),
    };

    /// <summary>Goes behind a value that is known to stand here.</summary>
    public void Skip(int bytes) => _position += bytes;

    /// <summary>Nothing may follow the document.</summary>
    public void End()
    {
        SkipBlanks();
        if (_position < _json.Length)
        {
            Break();
        }
    }

    private readonly int Peek() => _position < _json.Length ? _json[_position] : -1;

    private bool TrySkip(ReadOnlySpan<byte> literal)
    {
        if (!_json[_position..].StartsWith(literal))
        {
            return false;
        }

        _position += literal.Length;
        return true;
    }

    private void SkipBlanks()
    {
        while (_position < _json.Length && _json[_position] is (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t')
        {
            _position++;
        }
    }

    private JsonToken ReadText()
    {
        var rest = _json[(_position + 1)..];
        var length = LengthOfPlainText(rest);
        if (length < 0 || rest[length] != '"')
        {
            return ReadRare();
        }

        var text = new JsonToken(JsonTokenType.String, _position + 1, length);
        _position += length + 2;
        return text;
    }

    private static int LengthOfPlainText(ReadOnlySpan<byte> rest)
    {
        // Most texts end within sixteen bytes. A search that is made for long ones would make parse.bytes 2.50 instead of 2.58.
        if (Vector128.IsHardwareAccelerated && rest.Length >= Vector128<byte>.Count)
        {
            var next = Vector128.Create(rest);
            var ends = Vector128.Equals(next, Vector128.Create((byte)'"'))
                | Vector128.Equals(next, Vector128.Create((byte)'\\'))
                | Vector128.LessThan(next, Vector128.Create((byte)' '));
            if (ends != Vector128<byte>.Zero)
            {
                return BitOperations.TrailingZeroCount(ends.ExtractMostSignificantBits());
            }
        }

        return rest.IndexOfAny(EndOfPlainText);
    }

    private JsonToken ReadNumber()
    {
        var end = _position + 1;
        while (end < _json.Length && char.IsAsciiDigit((char)_json[end]))
        {
            end++;
        }

        // A fraction, an exponent, a leading zero, or no number at all.
        if (_json[_position] == '0' || end == _json.Length || _json[end] is not ((byte)',' or (byte)'}' or (byte)']' or (byte)' '))
        {
            return ReadRare();
        }

        var number = new JsonToken(JsonTokenType.Number, _position, end - _position);
        _position = end;
        return number;
    }

    private JsonToken ReadRare()
    {
        var reader = new Utf8JsonReader(_json[_position..], Lenient);
        reader.Read();
        var (type, start) = (reader.TokenType, _position + (int)reader.TokenStartIndex);
        reader.Skip();
        _position += (int)reader.BytesConsumed;
        return type == JsonTokenType.String
            ? new(type, start + 1, reader.ValueSpan.Length, reader.ValueIsEscaped)
            : new(type, start, _position - start);
    }

    /// <summary>What is wrong, and where, is found out by <see cref="NotificationReader"/>.</summary>
    [DoesNotReturn]
    private static void Break() => throw new JsonException();
}

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

/// <summary>A whole number that may be written as text.</summary>
internal static class JsonNumber
{
    /// <summary>More digits than these may not fit 64 bits.</summary>
    private const int SafeDigits = 18;

    /// <summary>The number that a value is; null when it is anything else or does not fit 64 bits.</summary>
    public static long? Of(JsonToken value, ReadOnlySpan<byte> json) => value.Type switch
    {
        JsonTokenType.Number or JsonTokenType.String when !value.IsEscaped => Parse(value.In(json)),
        _ => null,
    };

    private static long? Parse(ReadOnlySpan<byte> text)
    {
        // Instances and times are this short, and the general parser takes twice the time for them.
        if (text.Length is > 0 and <= SafeDigits && TryReadDigits(text, out var number))
        {
            return number;
        }

        return Utf8Parser.TryParse(text, out number, out var used) && used == text.Length ? number : null;
    }

    private static bool TryReadDigits(ReadOnlySpan<byte> text, out long number)
    {
        number = 0;
        foreach (var character in text)
        {
            var digit = (uint)(character - '0');
            if (digit > 9)
            {
                return false;
            }

            number = (number * 10) + digit;
        }

        return true;
    }
}
