using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.Testing.Tests;

public class QueueTests
{
    [Fact]
    public async Task Receive_UntilDeleted_HandsOutTheSameHeadInOrder()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        var instance = simulator.AddInstance();
        using var api = new Api(simulator, instance);
        instance.PlaceCall("70000000101@c.us").Ring().Answer();

        var first = await api.ReceiveAsync();
        var again = await api.ReceiveAsync();
        var deleted = await api.DeleteAsync(first.ReceiptId);
        var second = await api.ReceiveAsync();

        again.ReceiptId.Should().Be(first.ReceiptId);
        first.Body.GetProperty("status").GetString().Should().Be("offer");
        deleted.Should().Be((HttpStatusCode.OK, """{"result":true,"reason":""}"""));
        second.Body.GetProperty("status").GetString().Should().Be("pickUp");
        second.Body.GetProperty("idMessage").GetString().Should().Be(first.Body.GetProperty("idMessage").GetString());
        instance.History[0].Deliveries.Should().HaveCount(2).And.OnlyContain(delivery => delivery.Channel == DeliveryChannel.Poll);
        instance.History[0].AcknowledgedAt.Should().NotBeNull();
    }

    [Fact]
    public async Task Delete_TwiceOrUnknown_IsFalse()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        var instance = simulator.AddInstance();
        using var api = new Api(simulator, instance);
        instance.PlaceCall().Ring();
        var (receiptId, _) = await api.ReceiveAsync();

        (await api.DeleteAsync(receiptId + 1)).Body.Should().Contain("false");
        (await api.DeleteAsync(receiptId)).Body.Should().Contain("true");
        (await api.DeleteAsync(receiptId)).Body.Should().Contain("false");
        (await api.DeleteAsync("abc")).Should().Be((HttpStatusCode.BadRequest, "Parameter receiptId must be a Number"));
    }

    [Fact]
    public async Task Receive_EmptyQueue_IsNullAfterTheLongPoll()
    {
        var clock = new FakeTimeProvider();
        await using var simulator = await GreenApiSimulator.StartAsync(options => options.TimeProvider = clock);
        var instance = simulator.AddInstance();
        using var api = new Api(simulator, instance);

        var polling = api.GetAsync("receiveNotification", "?receiveTimeout=20");
        await Requests(instance, "receiveNotification", 1);
        while (!polling.IsCompleted)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        (await polling).Should().Be((HttpStatusCode.OK, "null"));
        clock.GetElapsedTime(0).Should().BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task Receive_SomethingComesMeanwhile_IsAnsweredAtOnce()
    {
        await using var simulator = await GreenApiSimulator.StartAsync(options => options.TimeProvider = new FakeTimeProvider());
        var instance = simulator.AddInstance();
        using var api = new Api(simulator, instance);

        var polling = api.GetAsync("receiveNotification", "?receiveTimeout=60");
        await Requests(instance, "receiveNotification", 1);
        instance.PlaceCall().Ring();

        (await polling).Body.Should().Contain("\"offer\"");
    }

    [Theory]
    [InlineData("4")]
    [InlineData("61")]
    [InlineData("soon")]
    public async Task Receive_TimeoutOutOfRange_Is400(string seconds)
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        using var api = new Api(simulator, simulator.AddInstance());

        (await api.GetAsync("receiveNotification", $"?receiveTimeout={seconds}")).Status.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Receive_NotificationOlderThanADay_IsGone()
    {
        var clock = new FakeTimeProvider();
        await using var simulator = await GreenApiSimulator.StartAsync(options => options.TimeProvider = clock);
        var instance = simulator.AddInstance();
        using var api = new Api(simulator, instance);
        instance.PlaceCall().Ring();
        clock.Advance(TimeSpan.FromHours(24.5));
        instance.PlaceCall().Decline();

        (await api.ReceiveAsync()).Body.GetProperty("status").GetString().Should().Be("declined");
        instance.History[0].IsExpired.Should().BeTrue();
    }

    [Fact]
    public async Task Receive_ReceiptBeyond32Bits_IsPossible()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        var instance = simulator.AddInstance(options => options.FirstReceiptId = 5_000_000_001);
        using var api = new Api(simulator, instance);
        instance.PlaceCall().Ring();

        (await api.ReceiveAsync()).ReceiptId.Should().Be(5_000_000_001);
    }

    [Fact]
    public async Task HoldAndRelease_Reversed_ReordersTheQueue()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        var instance = simulator.AddInstance();
        using var api = new Api(simulator, instance);
        instance.Hold();
        instance.PlaceCall().Ring().Answer();
        instance.WaitingCount.Should().Be(0);

        instance.Release(held => held.Reverse());

        (await api.ReceiveAsync()).Body.GetProperty("status").GetString().Should().Be("pickUp");
    }

    [Fact]
    public async Task WaitUntilHandled_SomethingWaits_SaysWhatWithoutANumber()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        var instance = simulator.AddInstance();
        instance.PlaceCall("70000000101@c.us").Ring();
        instance.SendMessage("70000000102@c.us", "hello");

        var failure = await FluentActions.Awaiting(() => simulator.WaitUntilHandledAsync(TimeSpan.FromMilliseconds(50))).Should().ThrowAsync<TimeoutException>();

        failure.Which.Message.Should().Contain("1 incomingCall").And.Contain("1 incomingMessageReceived").And.NotContain("7000000010");
    }

    [Fact]
    public async Task WaitUntilHandled_LastOneDeleted_Completes()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        var instance = simulator.AddInstance();
        using var api = new Api(simulator, instance);
        instance.PlaceCall().Ring();
        var handled = simulator.WaitUntilHandledAsync();
        handled.IsCompleted.Should().BeFalse();

        await api.DeleteAsync((await api.ReceiveAsync()).ReceiptId);

        await handled;
    }

    /// <summary>Waits for the request to have arrived; the simulator counts it before it looks at the queue.</summary>
    private static async Task Requests(SimulatedInstance instance, string method, int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (instance.Requests.GetValueOrDefault(method) < count)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
