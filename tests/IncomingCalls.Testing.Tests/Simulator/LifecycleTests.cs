using System.Net;
using IncomingCalls.Testing.Tests.Hosting;

namespace IncomingCalls.Testing.Tests.Simulator;

public class LifecycleTests
{
    [Fact]
    public async Task StartAsync_Twice_UsesDifferentPorts()
    {
        await using var one = await GreenApiSimulator.StartAsync();
        await using var other = await GreenApiSimulator.StartAsync();

        one.ApiUrl.IsLoopback.Should().BeTrue();
        one.ApiUrl.Port.Should().NotBe(0).And.NotBe(other.ApiUrl.Port);
    }

    [Fact]
    public async Task StartAsync_FixedPort_ListensThere()
    {
        int port;
        await using (var one = await GreenApiSimulator.StartAsync())
        {
            port = one.ApiUrl.Port;
        }

        await using var again = await GreenApiSimulator.StartAsync(options => options.Port = port);

        again.ApiUrl.Port.Should().Be(port);
    }

    [Fact]
    public async Task AddInstance_WithoutOptions_HasTheNextIdAndAToken()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();

        var first = simulator.AddInstance();
        var second = simulator.AddInstance();

        first.IdInstance.Should().Be(1101000001);
        second.IdInstance.Should().Be(1101000002);
        first.ApiTokenInstance.Should().MatchRegex("^[0-9a-f]{50}$").And.NotBe(second.ApiTokenInstance);
        simulator.Instances.Should().Equal(first, second);
    }

    [Fact]
    public async Task AddInstance_NumberGivenBefore_IsSkippedWhenGenerating()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        simulator.AddInstance(options => options.IdInstance = 1101000001);

        simulator.AddInstance().IdInstance.Should().Be(1101000002);
    }

    [Fact]
    public async Task AddInstance_DuplicateNumber_Throws()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        simulator.AddInstance(options => options.IdInstance = 110100000001);

        simulator.Invoking(one => one.AddInstance(options => options.IdInstance = 110100000001)).Should().Throw<ArgumentException>();
    }

    [Fact]
    public async Task AddInstance_EverythingGiven_IsUsed()
    {
        await using var simulator = await GreenApiSimulator.StartAsync();

        var instance = simulator.AddInstance(options =>
        {
            options.ApiTokenInstance = "secret";
            options.Wid = "600000001";
            options.TypeInstance = "telegram";
        });

        instance.Should().BeEquivalentTo(new { ApiTokenInstance = "secret", Wid = "600000001", TypeInstance = "telegram" });
    }

    [Fact]
    public async Task RemoveInstance_Known_RemovesIt()
    {
        await using var gateway = await GatewayFixture.StartAsync();

        gateway.Simulator.RemoveInstance(gateway.Instance.IdInstance).Should().BeTrue();

        gateway.Simulator.RemoveInstance(gateway.Instance.IdInstance).Should().BeFalse();
        gateway.Simulator.Instances.Should().BeEmpty();
        (await gateway.ReceiveAsync()).StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task RemoveInstance_WhilePolled_EndsTheLongPoll()
    {
        await using var gateway = await GatewayFixture.StartAsync();
        var poll = gateway.ReceiveAsync("?receiveTimeout=60");
        await gateway.Clock.WaitForTimersAsync(TimeSpan.FromSeconds(60));

        gateway.Simulator.RemoveInstance(gateway.Instance.IdInstance);

        (await (await poll).Content.ReadAsStringAsync()).Should().Be("null");
    }

    [Fact]
    public async Task DisposeAsync_Twice_IsHarmless()
    {
        var simulator = await GreenApiSimulator.StartAsync();
        simulator.AddInstance();

        await simulator.DisposeAsync();
        await simulator.DisposeAsync();

        simulator.Invoking(one => one.AddInstance()).Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public async Task DisposeAsync_WhilePolled_AbortsTheLongPoll()
    {
        var gateway = await GatewayFixture.StartAsync();
        var poll = gateway.ReceiveAsync("?receiveTimeout=60");
        await gateway.Clock.WaitForTimersAsync(TimeSpan.FromSeconds(60));

        await gateway.Simulator.DisposeAsync();

        await poll.Invoking(one => one).Should().ThrowAsync<HttpRequestException>();
        await gateway.DisposeAsync();
    }
}
