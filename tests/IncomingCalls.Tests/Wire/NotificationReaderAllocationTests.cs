using System.Text;
using IncomingCalls.Tests.Hosting;

namespace IncomingCalls.Tests.Wire;

/// <summary>Limits the allocations of reading, so that they do not grow unnoticed.</summary>
public class NotificationReaderAllocationTests
{
    [Fact]
    public void Read_DocumentedOffer_AllocatesTheNotificationAndItsIds() =>
        BytesPerCall(PayloadFiles.Read("offered/e01-documented-offer")).Should().BeLessThanOrEqualTo(368);

    [Fact]
    public void Read_OtherTypeOf100KB_AllocatesItsTypeAndId()
    {
        var message = Encoding.UTF8.GetBytes(
            $$$"""{"typeWebhook":"incomingMessageReceived","instanceData":{"idInstance":1101000001},"idMessage":"AAAA0000000000000000000000000002","messageData":{"jpegThumbnail":"{{{new string('a', 100_000)}}}"} }""");

        BytesPerCall(message).Should().BeLessThanOrEqualTo(160);
    }

    private static long BytesPerCall(byte[] json)
    {
        NotificationReader.Read(json).Reason.Should().BeNull();
        return AllocationMeter.BytesPerCall(() => NotificationReader.Read(json));
    }
}
