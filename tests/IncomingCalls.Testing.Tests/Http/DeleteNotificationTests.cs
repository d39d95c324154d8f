using System.Net;
using IncomingCalls.Testing.Tests.Hosting;

namespace IncomingCalls.Testing.Tests.Http;

public class DeleteNotificationTests
{
    [Fact]
    public async Task Delete_Head_RemovesItAndExposesTheNext()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        var sent = gateway.Instance.Enqueue("1");
        gateway.Instance.Enqueue("2");
        var receiptId = (await gateway.ReceiveHeadAsync()).GetProperty("receiptId").GetInt64();
        gateway.Clock.Advance(TimeSpan.FromSeconds(3));

        var answer = await (await gateway.DeleteAsync(receiptId)).Content.ReadAsStringAsync();

        answer.Should().Be("""{"result":true,"reason":""}""");
        sent.AcknowledgedAt.Should().Be(sent.EnqueuedAt.AddSeconds(3));
        (await gateway.ReceiveHeadAsync()).GetProperty("body").GetInt32().Should().Be(2);
        gateway.Instance.WaitingCount.Should().Be(1);
    }

    [Fact]
    public async Task Delete_Twice_ReturnsFalseAndDeletesNothingElse()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Instance.Enqueue("1");
        gateway.Instance.Enqueue("2");
        var receiptId = (await gateway.ReceiveHeadAsync()).GetProperty("receiptId").GetInt64();
        await gateway.TryDeleteAsync(receiptId);

        (await gateway.TryDeleteAsync(receiptId)).Should().BeFalse();
        gateway.Instance.WaitingCount.Should().Be(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(99)]
    public async Task Delete_NeverReceived_ReturnsFalse(long receiptId)
    {
        await using var gateway = await GatewayFixture.StartAsync();
        gateway.Instance.Enqueue("1");

        (await gateway.TryDeleteAsync(receiptId)).Should().BeFalse();
        gateway.Instance.WaitingCount.Should().Be(1);
    }

    [Theory]
    [InlineData("/abc")]
    [InlineData("/1.5")]
    [InlineData("")]
    public async Task Delete_NotANumber_Is400(string tail)
    {
        await using var gateway = await GatewayFixture.StartAsync();

        var response = await gateway.SendAsync(HttpMethod.Delete, "deleteNotification", tail);

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync()).Should().Be("Parameter receiptId must be a Number");
    }

    [Fact]
    public async Task Delete_ReceiptBeyond32Bits_IsDeleted()
    {
        await using var gateway = await GatewayFixture.StartAsync(instance: options => options.FirstReceiptId = 5000000001);
        gateway.Instance.Enqueue("1");

        (await gateway.ReceiveHeadAsync()).GetProperty("receiptId").GetInt64().Should().Be(5000000001);
        (await gateway.TryDeleteAsync(5000000001)).Should().BeTrue();
    }

    [Fact]
    public async Task Delete_NothingToDeleteWithFailureOption_Is500()
    {
        await using var gateway = await GatewayFixture.StartAsync(options => options.DeletingNothingFails = true);

        var response = await gateway.DeleteAsync(1);

        response.StatusCode.Should().Be(HttpStatusCode.InternalServerError);
        (await response.Content.ReadAsStringAsync()).Should().Contain("findUnAckedMessage");
    }
}
