using System.Net;
using IncomingCalls.Testing.Tests.Hosting;

namespace IncomingCalls.Testing.Tests.Http;

public sealed class ReceiveNotificationTests : IAsyncLifetime
{
    private GatewayFixture _gateway = null!;

    public async Task InitializeAsync() => _gateway = await GatewayFixture.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task Receive_PendingNotification_IsWrapped()
    {
        _gateway.Instance.Enqueue("""{"typeWebhook":"somethingNew"}""");

        (await (await _gateway.ReceiveAsync()).Content.ReadAsStringAsync()).Should().Be("""{"receiptId":1,"body":{"typeWebhook":"somethingNew"}}""");
    }

    [Fact]
    public async Task Receive_NotDeleted_IsTheSameHeadAgain()
    {
        var sent = _gateway.Instance.Enqueue("1");
        _gateway.Instance.Enqueue("2");

        var first = await _gateway.ReceiveHeadAsync();
        var second = await _gateway.ReceiveHeadAsync();

        second.GetRawText().Should().Be(first.GetRawText());
        sent.Deliveries.Should().HaveCount(2).And.OnlyContain(delivery => delivery.Channel == DeliveryChannel.Poll && delivery.StatusCode == null);
    }

    [Theory]
    [InlineData("", 5)]
    [InlineData("?receiveTimeout=5", 5)]
    [InlineData("?receiveTimeout=60", 60)]
    public async Task Receive_EmptyQueue_IsNullAfterTheTimeout(string query, int seconds)
    {
        var poll = _gateway.ReceiveAsync(query);
        await _gateway.Clock.WaitForTimersAsync(TimeSpan.FromSeconds(seconds));
        _gateway.Clock.Advance(TimeSpan.FromSeconds(seconds - 1));
        poll.IsCompleted.Should().BeFalse();
        _gateway.Clock.Advance(TimeSpan.FromSeconds(1));

        var response = await poll;
        response.StatusCode.Should().Be(HttpStatusCode.OK);
        (await response.Content.ReadAsStringAsync()).Should().Be("null");
    }

    [Fact]
    public async Task Receive_EnqueuedMeanwhile_RespondsAtOnce()
    {
        var poll = _gateway.ReceiveAsync("?receiveTimeout=60");
        await _gateway.Clock.WaitForTimersAsync(TimeSpan.FromSeconds(60));

        _gateway.Instance.Enqueue("7");

        (await GatewayFixture.ReadJsonAsync(await poll)).GetProperty("body").GetInt32().Should().Be(7);
    }

    [Theory]
    [InlineData("4")]
    [InlineData("61")]
    [InlineData("-5")]
    [InlineData("soon")]
    public async Task Receive_TimeoutOutOfRange_Is400(string timeout)
    {
        _gateway.Instance.Enqueue("1");

        (await _gateway.ReceiveAsync($"?receiveTimeout={timeout}")).StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Receive_WebhookUrlSet_Is400InvalidParam()
    {
        _gateway.Instance.SetWebhook(new("http://127.0.0.1:1/hook"));

        var response = await _gateway.ReceiveAsync();

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync()).Should().Contain("\"code\":\"INVALID_PARAM\"").And.Contain("\"status\":\"error\"");
    }

    [Fact]
    public async Task Receive_WebhookUrlSetMeanwhile_EndsEmpty()
    {
        var poll = _gateway.ReceiveAsync("?receiveTimeout=60");
        await _gateway.Clock.WaitForTimersAsync(TimeSpan.FromSeconds(60));

        _gateway.Instance.SetWebhook(new("http://127.0.0.1:1/hook"));

        (await (await poll).Content.ReadAsStringAsync()).Should().Be("null");
    }

    [Fact]
    public async Task Receive_BinaryBody_IsReturnedByteForByte()
    {
        byte[] body = [0xFF, 0x00, (byte)'{'];
        _gateway.Instance.Enqueue(body);

        var bytes = await (await _gateway.ReceiveAsync()).Content.ReadAsByteArrayAsync();

        bytes.Should().Equal([.. """{"receiptId":1,"body":"""u8, .. body, (byte)'}']);
    }

    [Theory]
    [InlineData(SimulatedState.NotAuthorized, "instance account not authorized")]
    [InlineData(SimulatedState.Blocked, "instance account not authorized")]
    [InlineData(SimulatedState.Starting, "instance in starting process try later")]
    [InlineData(SimulatedState.Expired, "instance account is expired or deleted")]
    public async Task Receive_InstanceNotReady_Is400(SimulatedState state, string text)
    {
        _gateway.Instance.State = state;

        var response = await _gateway.ReceiveAsync();

        response.StatusCode.Should().Be(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync()).Should().Be(text);
    }
}
