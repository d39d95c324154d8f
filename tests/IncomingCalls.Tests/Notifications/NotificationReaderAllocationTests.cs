using System.Text;

namespace IncomingCalls.Tests.Notifications;

/// <summary>What reading allocates, so that it grows only on purpose.</summary>
public class NotificationReaderAllocationTests
{
    private const int Calls = 1_000;

    [Fact]
    public void Read_DocumentedOffer_AllocatesTheNotificationAndItsIds() =>
        BytesPerCall(Payload.Read("offered/e01-documented-offer")).Should().BeLessThanOrEqualTo(360);

    [Fact]
    public void Read_ForeignMessageOf100KB_AllocatesItsTypeAndId()
    {
        var message = Encoding.UTF8.GetBytes(
            $$$"""{"typeWebhook":"incomingMessageReceived","instanceData":{"idInstance":1101000001},"idMessage":"AAAA0000000000000000000000000002","messageData":{"jpegThumbnail":"{{{new string('a', 100_000)}}}"} }""");

        BytesPerCall(message).Should().BeLessThanOrEqualTo(160);
    }

    private static long BytesPerCall(byte[] json)
    {
        NotificationReader.Read(json).Reason.Should().BeNull();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Calls; i++)
        {
            NotificationReader.Read(json);
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / Calls;
    }
}
