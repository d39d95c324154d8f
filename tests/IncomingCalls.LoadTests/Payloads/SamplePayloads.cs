using System.Text;

namespace IncomingCalls.LoadTests;

/// <summary>The bodies used by the measurements.</summary>
internal static class SamplePayloads
{
    private const int OtherTypeBytes = 100 * 1024;
    private const int InstanceCount = 64;

    /// <summary>The documented offer, which the tests use as well.</summary>
    public static byte[] Offer { get; } = ReadOffer();

    /// <summary>Offers of several instances, as a host with several instances receives them.</summary>
    public static IReadOnlyList<byte[]> Offers { get; } =
        [.. Enumerable.Range(0, InstanceCount).Select(i => Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(Offer).Replace("1101000001", $"{1101000001 + i}", StringComparison.Ordinal)))];

    /// <summary>An offer with every optional field.</summary>
    public static byte[] FullOutcome { get; } = Encoding.UTF8.GetBytes(
        """
        {"from":"70000000101@c.us","typeWebhook":"incomingCall","instanceData":{"idInstance":1101000001,"wid":"70000000001@c.us","typeInstance":"whatsapp"},"status":"pickUp","timestamp":1790000012,"idMessage":"AAAA0000000000000000000000000001","isVideo":true,"duration":95,"participants":[{"wid":"70000000102@c.us","status":"pickUp"},{"wid":"70000000103@c.us","status":"declined"}]}
        """);

    /// <summary>A message with a thumbnail, which the gateway sends for pictures to the same webhook.</summary>
    public static byte[] OtherType { get; } = Encoding.UTF8.GetBytes(
        $$$$"""
        {"typeWebhook":"incomingMessageReceived","instanceData":{"idInstance":1101000001,"wid":"70000000001@c.us","typeInstance":"whatsapp"},"timestamp":1790000000,"idMessage":"AAAA0000000000000000000000000002","senderData":{"chatId":"70000000101@c.us","sender":"70000000101@c.us","senderName":"vanya"},"messageData":{"typeMessage":"imageMessage","fileMessageData":{"downloadUrl":"https://example.com/1.jpg","caption":"","jpegThumbnail":"{{{{CreateThumbnail()}}}}"}}}
        """);

    private static string CreateThumbnail()
    {
        var bytes = new byte[OtherTypeBytes * 3 / 4];
        new Random(1).NextBytes(bytes);
        return Convert.ToBase64String(bytes);
    }

    private static byte[] ReadOffer()
    {
        using var stream = typeof(SamplePayloads).Assembly.GetManifestResourceStream("offer.json")!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
