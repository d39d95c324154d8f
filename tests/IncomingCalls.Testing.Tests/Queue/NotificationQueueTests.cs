using System.Text;
using IncomingCalls.Testing.Tests.Hosting;

namespace IncomingCalls.Testing.Tests.Queue;

public sealed class NotificationQueueTests : IAsyncLifetime
{
    private GatewayFixture _gateway = null!;

    public async Task InitializeAsync() => _gateway = await GatewayFixture.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task Queue_Several_AreReceivedInOrder()
    {
        Enqueue("1", "2", "3");

        (await ReceiveAllAsync()).Should().Equal("1", "2", "3");
    }

    [Fact]
    public async Task Retention_JustWithin_IsRetained()
    {
        Enqueue("1");

        _gateway.Clock.Advance(TimeSpan.FromHours(24));

        (await ReceiveAllAsync()).Should().Equal("1");
    }

    [Fact]
    public async Task Retention_Over_IsDropped()
    {
        var sent = _gateway.Instance.Enqueue("1");
        _gateway.Clock.Advance(TimeSpan.FromHours(1));
        _gateway.Instance.Enqueue("2");
        await _gateway.ReceiveHeadAsync();

        _gateway.Clock.Advance(TimeSpan.FromHours(23) + TimeSpan.FromSeconds(1));

        (await _gateway.TryDeleteAsync(1)).Should().BeFalse();
        (await ReceiveAllAsync()).Should().Equal("2");
        sent.IsExpired.Should().BeTrue();
        sent.AcknowledgedAt.Should().BeNull();
    }

    [Fact]
    public async Task Hold_Released_UsesTheRequestedOrder()
    {
        _gateway.Instance.Hold();
        Enqueue("1", "2", "3");
        _gateway.Instance.WaitingCount.Should().Be(0);

        _gateway.Instance.Release(held => held.Reverse());

        (await ReceiveAllAsync()).Should().Equal("3", "2", "1");
    }

    [Fact]
    public async Task Hold_ReleasedWithoutOrder_PreservesOrderAndStopsHolding()
    {
        _gateway.Instance.Hold();
        Enqueue("1", "2");
        _gateway.Instance.Release();
        Enqueue("3");

        (await ReceiveAllAsync()).Should().Equal("1", "2", "3");
    }

    [Fact]
    public async Task Release_SomeOmitted_LosesThem()
    {
        _gateway.Instance.Hold();
        Enqueue("1", "2");

        _gateway.Instance.Release(held => held.Take(1));

        (await ReceiveAllAsync()).Should().Equal("1");
        await _gateway.Instance.WaitUntilAcknowledgedAsync();
    }

    [Theory]
    [InlineData("""{"idMessage":"A","instanceData":{"typeWebhook":"inner"},"typeWebhook":"outer"}""", "outer", "A")]
    [InlineData("""{"typeWebhook":"quotaExceeded"}""", "quotaExceeded", null)]
    [InlineData("""{"typeWebhook":7,"idMessage":null}""", null, null)]
    [InlineData("""[{"typeWebhook":"inArray"}]""", null, null)]
    [InlineData("""{"typeWebhook":"broken",""", null, null)]
    [InlineData("", null, null)]
    public void History_AnyBody_HasTypeAndId(string body, string? type, string? id)
    {
        _gateway.Instance.Enqueue(body);

        _gateway.Instance.History.Should().ContainSingle().Which.Should().BeEquivalentTo(
            new { TypeWebhook = type, IdMessage = id, EnqueuedAt = _gateway.Clock.GetUtcNow(), AcknowledgedAt = (DateTimeOffset?)null, IsExpired = false });
    }

    [Fact]
    public void History_InvalidUtf8_HasNoTypeOrId()
    {
        _gateway.Instance.Enqueue((byte[])[.. "{\"typeWebhook\":\""u8, 0xFF, .. "\"}"u8]);

        _gateway.Instance.History[0].TypeWebhook.Should().BeNull();
    }

    [Fact]
    public async Task History_Acknowledged_IsRetained()
    {
        Enqueue("1", "2");
        await ReceiveAllAsync();

        _gateway.Instance.History.Should().HaveCount(2).And.OnlyContain(sent => sent.AcknowledgedAt != null && sent.Deliveries.Count == 1);
    }

    private void Enqueue(params string[] bodies)
    {
        foreach (var body in bodies)
        {
            _gateway.Instance.Enqueue(Encoding.UTF8.GetBytes(body));
        }
    }

    private async Task<List<string>> ReceiveAllAsync()
    {
        List<string> bodies = [];
        while (_gateway.Instance.WaitingCount > 0)
        {
            var head = await _gateway.ReceiveHeadAsync();
            bodies.Add(head.GetProperty("body").GetRawText());
            (await _gateway.TryDeleteAsync(head.GetProperty("receiptId").GetInt64())).Should().BeTrue();
        }

        return bodies;
    }
}
