using System.Text;

namespace IncomingCalls.Benchmarks;

/// <summary>The bodies that only the benchmarks read.</summary>
internal static class BenchmarkPayloads
{
    private const int OtherTypeBytes = 100 * 1024;

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
}
