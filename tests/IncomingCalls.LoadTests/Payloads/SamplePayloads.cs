using System.Text;

namespace IncomingCalls.LoadTests;

/// <summary>The bodies used by the measurements.</summary>
internal static class SamplePayloads
{
    private const int InstanceCount = 64;

    /// <summary>The documented offer, which the tests use as well.</summary>
    public static byte[] Offer { get; } = ReadOffer();

    /// <summary>Offers of several instances, as a host with several instances receives them.</summary>
    public static IReadOnlyList<byte[]> Offers { get; } =
        [.. Enumerable.Range(0, InstanceCount).Select(i => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Offer).Replace("1101000001", $"{1101000001 + i}", StringComparison.Ordinal)))];

    private static byte[] ReadOffer()
    {
        using var stream = typeof(SamplePayloads).Assembly.GetManifestResourceStream("offer.json")!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
