using System.Globalization;
using System.Text;
using IncomingCalls.Tests.Hosting;
using IncomingCalls.Wire;

namespace IncomingCalls.Tests.Wire;

public class KnownInstancesTests
{
    [Theory]
    [InlineData(1_101_000_001)]
    [InlineData(710_500_000_001)]
    public void PlaceOf_HundredConsecutiveAccounts_AreSpreadOut(long first)
    {
        var slots = Enumerable.Range(0, 100).Select(i => KnownInstances.PlaceOf(Encoding.UTF8.GetBytes(InstanceData(first + i, "70000000001"))));

        slots.Distinct().Should().HaveCountGreaterThan(80, "a table of a thousand slots should have few collisions");
    }

    [Fact]
    public void Read_AccountsSharingASlot_AllocateLittleMore()
    {
        // The same id with another account, as after a change of the phone, uses the same slot.
        byte[][] bodies = [.. Enumerable.Range(1, 2).Select(i => Encoding.UTF8.GetBytes(
            $$"""{"typeWebhook":"incomingCall","idMessage":"A","instanceData":{{InstanceData(555_000_000_555, $"7000000000{i}")}}}"""))];
        var calls = 0;

        AllocationMeter.BytesPerCall(() => NotificationReader.Read(bodies[calls++ % 2]), calls: 1_000).Should().BeLessThanOrEqualTo(300);
    }

    private static string InstanceData(long id, string phone) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"idInstance":{{id}},"wid":"{{phone}}@c.us","typeInstance":"whatsapp"}""");
}
