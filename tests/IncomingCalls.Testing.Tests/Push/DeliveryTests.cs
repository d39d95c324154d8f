using System.Net;
using IncomingCalls.Testing.Tests.Hosting;

namespace IncomingCalls.Testing.Tests.Push;

public sealed class DeliveryTests : IAsyncLifetime
{
    private readonly Desk _desk = new();
    private Gateway _gateway = null!;

    public async Task InitializeAsync() => _gateway = await Gateway.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task Delivery_AnsweredLate_IsDatedWhenItWasPosted()
    {
        var posted = _gateway.Clock.GetUtcNow();
        _gateway.Instance.PushThrough(_desk.Client);
        var sent = _gateway.Instance.Enqueue("1");
        var request = await _desk.NextAsync();

        _gateway.Clock.Advance(TimeSpan.FromSeconds(90));
        request.Answer.SetResult(new(HttpStatusCode.OK));
        await _gateway.Instance.WaitUntilHandledAsync();

        sent.Deliveries.Should().ContainSingle().Which.At.Should().Be(posted);
        sent.AcknowledgedAt.Should().Be(posted.AddSeconds(90));
    }

    [Fact]
    public async Task Deliveries_PushedThenPolled_TellBothWays()
    {
        _gateway.Instance.PushThrough(_desk.Client);
        var sent = _gateway.Instance.Enqueue("1");
        await _desk.AnswerAsync(HttpStatusCode.BadGateway);
        await _gateway.Clock.ArmedAsync(TimeSpan.FromSeconds(60));

        _gateway.Instance.SetWebhook(null);
        var receiptId = (await _gateway.HeadAsync()).GetProperty("receiptId").GetInt64();

        (await _gateway.DeletedAsync(receiptId)).Should().BeTrue();
        sent.Deliveries.Select(delivery => (delivery.Channel, delivery.StatusCode))
            .Should().Equal((DeliveryChannel.Webhook, 502), (DeliveryChannel.Poll, null));
    }
}
