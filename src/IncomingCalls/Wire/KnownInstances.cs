using System.Buffers.Binary;
using System.Numerics;

namespace IncomingCalls.Wire;

/// <summary>
/// The <c>instanceData</c> that calls brought lately, by its bytes: an account writes the same ones into each of its notifications, and a
/// host has few accounts. Safe to use from any thread.
/// </summary>
/// <remarks>An offer of an account that is known takes 256 bytes instead of 360.</remarks>
internal static class KnownInstances
{
    /// <summary>A documented one has 84 bytes. Longer ones are read each time, so that nobody makes a host remember what he likes.</summary>
    private const int LongestBytes = 256;

    /// <summary>In the documented form the sixteen bytes from here on are the digits of the id behind the first two, and what follows them.</summary>
    private const int Telling = 16;

    private const int Places = 1024;

    /// <summary>Remembering costs more than reading: accounts that share a place take it from each other only now and then.</summary>
    private const int Patience = 16;

    private static readonly KnownInstance?[] Known = new KnownInstance?[Places];

    // Not counted exactly where threads meet, which changes nothing.
    private static int _taken;

    /// <summary>The one that a text begins with; null when it is not known. An object ends with its last byte, whatever follows.</summary>
    public static KnownInstance? Find(ReadOnlySpan<byte> text) =>
        PlaceOf(text) is { } place && Known[place] is { } known && text.StartsWith(known.Utf8Json) ? known : null;

    public static void Remember(ReadOnlySpan<byte> utf8Json, InstanceData instance)
    {
        if (utf8Json.Length <= LongestBytes && PlaceOf(utf8Json) is { } place && (Known[place] is null || ++_taken % Patience == 0))
        {
            Known[place] = new(utf8Json.ToArray(), instance);
        }
    }

    /// <summary>Where one belongs; null for one that is too short to tell.</summary>
    public static int? PlaceOf(ReadOnlySpan<byte> text)
    {
        if (text.Length < Telling + (2 * sizeof(ulong)))
        {
            return null;
        }

        var first = BinaryPrimitives.ReadUInt64LittleEndian(text[Telling..]);
        var second = BinaryPrimitives.ReadUInt64LittleEndian(text[(Telling + sizeof(ulong))..]);
        // Fibonacci hashing: the upper bits of a product depend on all of the bytes.
        var mixed = (first * 0x9E3779B97F4A7C15) ^ BitOperations.RotateLeft(second * 0xC2B2AE3D27D4EB4F, 32);
        return (int)((mixed * 0x9E3779B97F4A7C15) >> (64 - BitOperations.Log2(Places)));
    }
}

/// <summary>An <c>instanceData</c> and what it says.</summary>
internal sealed class KnownInstance(byte[] utf8Json, InstanceData instance)
{
    public byte[] Utf8Json => utf8Json;

    public InstanceData Instance => instance;
}
