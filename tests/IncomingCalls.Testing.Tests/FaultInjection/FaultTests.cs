using IncomingCalls.Testing.Tests.Hosting;

namespace IncomingCalls.Testing.Tests.FaultInjection;

public sealed class FaultTests : IAsyncLifetime
{
    private GatewayFixture _gateway = null!;

    public async Task InitializeAsync() => _gateway = await GatewayFixture.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task FailNext_Times_FailsThatOften()
    {
        _gateway.Instance.Enqueue("1");
        _gateway.Simulator.FailNext("receiveNotification", 502, "bad gateway", times: 2);

        for (var i = 0; i < 2; i++)
        {
            var failed = await _gateway.ReceiveAsync();
            ((int)failed.StatusCode).Should().Be(502);
            (await failed.Content.ReadAsStringAsync()).Should().Be("bad gateway");
        }

        (await _gateway.ReceiveHeadAsync()).GetProperty("receiptId").GetInt64().Should().Be(1);
    }

    [Fact]
    public async Task FailNext_Deletion_DoesNotDelete()
    {
        _gateway.Instance.Enqueue("1");
        await _gateway.ReceiveHeadAsync();
        _gateway.Simulator.FailNext("deleteNotification", 500);

        ((int)(await _gateway.DeleteAsync(1)).StatusCode).Should().Be(500);

        _gateway.Instance.WaitingCount.Should().Be(1);
        (await _gateway.TryDeleteAsync(1)).Should().BeTrue();
    }

    [Fact]
    public async Task FailNext_OtherMethod_IsUnaffected()
    {
        _gateway.Simulator.FailNext("DeleteNotification", 500);

        ((int)(await _gateway.SendAsync(HttpMethod.Get, "getStateInstance")).StatusCode).Should().Be(200);
        ((int)(await _gateway.DeleteAsync(1)).StatusCode).Should().Be(500);
    }

    [Fact]
    public void Faults_UnknownMethod_Throws()
    {
        _gateway.Simulator.Invoking(one => one.FailNext("deleteNotifications", 500)).Should().Throw<ArgumentException>();
        _gateway.Simulator.Invoking(one => one.DelayNext("", TimeSpan.FromSeconds(1))).Should().Throw<ArgumentException>();
        _gateway.Simulator.Invoking(one => one.LoseNextAnswer("receive")).Should().Throw<ArgumentException>();
    }

    [Fact]
    public async Task LoseNextAnswer_Deletion_IsExecutedAndTheConnectionBreaks()
    {
        _gateway.Instance.Enqueue("1");
        await _gateway.ReceiveHeadAsync();
        _gateway.Simulator.LoseNextAnswer("deleteNotification");

        await _gateway.Invoking(one => one.DeleteAsync(1)).Should().ThrowAsync<HttpRequestException>();

        _gateway.Instance.WaitingCount.Should().Be(0);
        (await _gateway.TryDeleteAsync(1)).Should().BeFalse();
    }

    [Fact]
    public async Task DelayNext_Contact_IsAnsweredLate()
    {
        _gateway.Simulator.DelayNext("getContactInfo", TimeSpan.FromSeconds(7));

        var answer = _gateway.GetContactInfoAsync("70000000101@c.us");
        await _gateway.Clock.WaitForTimersAsync(TimeSpan.FromSeconds(7));
        answer.IsCompleted.Should().BeFalse();
        _gateway.Clock.Advance(TimeSpan.FromSeconds(7));

        ((int)(await answer).StatusCode).Should().Be(200);
    }
}
