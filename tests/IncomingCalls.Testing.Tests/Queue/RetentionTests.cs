using IncomingCalls.Testing.Tests.Hosting;

namespace IncomingCalls.Testing.Tests.Queue;

public sealed class RetentionTests : IAsyncLifetime
{
    private static readonly TimeSpan JustOverADay = TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1);

    private GatewayFixture _gateway = null!;

    public async Task InitializeAsync() => _gateway = await GatewayFixture.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public void WaitingCount_OldBehindNew_CountsOnlyTheNew()
    {
        _gateway.Instance.Hold();
        var old = _gateway.Instance.Enqueue("1");
        _gateway.Clock.Advance(TimeSpan.FromHours(1));
        var young = _gateway.Instance.Enqueue("2");
        _gateway.Instance.Release(held => held.Reverse());

        _gateway.Clock.Advance(TimeSpan.FromHours(23) + TimeSpan.FromSeconds(1));

        _gateway.Instance.WaitingCount.Should().Be(1);
        old.IsExpired.Should().BeTrue();
        young.IsExpired.Should().BeFalse();
    }

    [Fact]
    public async Task WaitUntilAcknowledged_HeldForMoreThanADay_Completes()
    {
        _gateway.Instance.Hold();
        var sent = _gateway.Instance.Enqueue("1");

        _gateway.Clock.Advance(JustOverADay);

        await _gateway.Instance.WaitUntilAcknowledgedAsync(TimeSpan.Zero);
        sent.IsExpired.Should().BeTrue();
    }

    [Fact]
    public async Task Release_HeldForMoreThanADay_SendsNothing()
    {
        _gateway.Instance.Hold();
        _gateway.Instance.Enqueue("1");
        _gateway.Clock.Advance(JustOverADay);
        _gateway.Instance.Enqueue("2");

        _gateway.Instance.Release();

        (await _gateway.ReceiveHeadAsync()).GetProperty("body").GetInt32().Should().Be(2);
        _gateway.Instance.WaitingCount.Should().Be(1);
    }
}
