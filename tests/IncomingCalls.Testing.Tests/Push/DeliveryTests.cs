using System.Net;
using IncomingCalls.Testing.Tests.Hosting;

namespace IncomingCalls.Testing.Tests.Push;

public sealed class DeliveryTests : IAsyncLifetime
{
    private readonly FakeWebhookHandler _webhook = new();
    private GatewayFixture _gateway = null!;

    public async Task InitializeAsync() => _gateway = await GatewayFixture.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task Delivery_AnsweredLate_HasTheTimeOfThePost()
    {
        var posted = _gateway.Clock.GetUtcNow();
        _gateway.Instance.PushThrough(_webhook.Client);
        var sent = _gateway.Instance.Enqueue("1");
        var request = await _webhook.NextAsync();

        _gateway.Clock.Advance(TimeSpan.FromSeconds(90));
        request.Response.SetResult(new(HttpStatusCode.OK));
        await _gateway.Instance.WaitUntilAcknowledgedAsync();

        sent.Deliveries.Should().ContainSingle().Which.At.Should().Be(posted);
        sent.AcknowledgedAt.Should().Be(posted.AddSeconds(90));
    }

    [Fact]
    public async Task Deliveries_PushedThenPolled_RecordBothChannels()
    {
        _gateway.Instance.PushThrough(_webhook.Client);
        var sent = _gateway.Instance.Enqueue("1");
        await _webhook.RespondToNextAsync(HttpStatusCode.BadGateway);
        await _gateway.Clock.WaitForTimersAsync(TimeSpan.FromSeconds(60));

        _gateway.Instance.SetWebhook(null);
        var receiptId = (await _gateway.ReceiveHeadAsync()).GetProperty("receiptId").GetInt64();

        (await _gateway.TryDeleteAsync(receiptId)).Should().BeTrue();
        sent.Deliveries.Select(delivery => (delivery.Channel, delivery.StatusCode))
            .Should().Equal((DeliveryChannel.Webhook, 502), (DeliveryChannel.Poll, null));
    }
}
