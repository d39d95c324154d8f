using System.Buffers.Binary;

namespace IncomingCalls;

/// <summary>
/// The <c>instanceData</c> that calls brought lately, by its bytes: an account writes the same ones into each of its notifications, and a
/// host has few accounts. Safe to use from any thread.
/// </summary>
internal static class KnownInstances
{
    /// <summary>A documented one has 84 bytes. Longer ones are read each time, so that nobody makes a host remember what he likes.</summary>
    private const int LongestBytes = 256;

    /// <summary>In the documented form these bytes are the last digits of the id and what follows them.</summary>
    private const int Telling = 16;

    /// <summary>Accounts that share a place take it from each other, and cost what they would without.</summary>
    private const int Places = 256;

    private static readonly KnownInstance?[] Known = new KnownInstance?[Places];

    /// <summary>The one that a text begins with; null when it is not known. An object ends with its last byte, whatever follows.</summary>
    public static KnownInstance? Find(ReadOnlySpan<byte> text) =>
        PlaceOf(text) is { } place && Known[place] is { } known && text.StartsWith(known.Utf8Json) ? known : null;

    public static void Remember(ReadOnlySpan<byte> utf8Json, InstanceData instance)
    {
        if (utf8Json.Length <= LongestBytes && PlaceOf(utf8Json) is { } place)
        {
            Known[place] = new(utf8Json.ToArray(), instance);
        }
    }

    private static int? PlaceOf(ReadOnlySpan<byte> text) => text.Length < Telling + sizeof(ulong)
        ? null
        // Fibonacci hashing: the upper bits of the product depend on all of the bytes.
        : (int)((BinaryPrimitives.ReadUInt64LittleEndian(text[Telling..]) * 0x9E3779B97F4A7C15) >> 56);
}
