using System.Text;

namespace IncomingCalls.Fuzz;

/// <summary>Changes a document in up to four random places: bytes, tokens that JSON is sensitive to, and pieces of other documents.</summary>
internal sealed class Mutator(int seed)
{
    private const int MaxMutations = 4;
    private const int MaxPiece = 64;

    private static readonly byte[][] Tokens =
    [
        .. ((string[])[
            "{", "}", "[", "]", ":", ",", "\"", "\\", "null", "true", "false", "0", "-1", "1.0", "1.5", "1e9", "1E+9", "-0", "01", "1e400", "99999999999999999999", "253402300799", "9007199254740993",
            "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\\u0041", "\\n", "\\/", " ", "\t", "\n", "/**/", "{}", "[]", "[1]", "{\"a\":1}",
            "\"typeWebhook\":", "\"incomingCall\"", "\"body\":", "\"receiptId\":", "\"idMessage\":", "\"instanceData\":", "\"idInstance\":", "\"wid\":", "\"from\":", "\"status\":", "\"timestamp\":", "\"participants\":",
            "\"TYPEWEBHOOK\":", "\"type\\u0057ebhook\":", "\"offer\"", "\"70000000101:1@c.us\"", new string('x', 129), new string('9', 65),
        ]).Select(Encoding.UTF8.GetBytes),
        [0xEF, 0xBB, 0xBF],
        [0xFF],
        [0xC3, 0x28],
        [0x00],
    ];

    // Reproducible on purpose; nothing here is secret.
    private readonly Random _random = new(seed);

    /// <summary>Decides what else varies with the document.</summary>
    public Random Random => _random;

    public byte[] Mutate(IReadOnlyList<byte[]> seeds)
    {
        List<byte> document = [.. Pick(seeds)];
        for (var mutations = _random.Next(0, MaxMutations + 1); mutations > 0; mutations--)
        {
            Change(document, seeds);
        }

        return [.. document];
    }

    private void Change(List<byte> document, IReadOnlyList<byte[]> seeds)
    {
        var position = _random.Next(document.Count + 1);
        var length = Math.Min(_random.Next(1, MaxPiece), document.Count - position);
        switch (_random.Next(7))
        {
            case 0 when position < document.Count:
                document[position] = (byte)_random.Next(256);
                break;
            case 1 when position < document.Count:
                document[position] ^= (byte)(1 << _random.Next(8));
                break;
            case 2:
                document.RemoveRange(position, length);
                break;
            case 3:
                document.InsertRange(_random.Next(document.Count + 1), document.GetRange(position, length));
                break;
            case 4:
                document.InsertRange(position, Pick(Tokens));
                break;
            case 5:
                // In place of what is there, so that the document often remains valid.
                document.RemoveRange(position, Math.Min(length, 4));
                document.InsertRange(position, Pick(Tokens));
                break;
            case 6:
                var other = Pick(seeds);
                var start = _random.Next(other.Length + 1);
                document.InsertRange(position, other.AsSpan(start, Math.Min(_random.Next(1, MaxPiece * 4), other.Length - start)));
                break;
        }
    }

    private byte[] Pick(IReadOnlyList<byte[]> from) => from[_random.Next(from.Count)];
}
