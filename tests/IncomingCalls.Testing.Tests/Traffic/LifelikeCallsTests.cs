using System.Text;
using IncomingCalls.Testing.Tests.Hosting;

namespace IncomingCalls.Testing.Tests.Traffic;

public sealed class LifelikeCallsTests : IAsyncLifetime
{
    private GatewayFixture _gateway = null!;

    public async Task InitializeAsync() => _gateway = await GatewayFixture.StartAsync();

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task RunAsync_Started_RingsTheInstancesInTurnWithKnownCallers()
    {
        var other = _gateway.Simulator.AddInstance();
        using var stopping = new CancellationTokenSource();

        var calls = LifelikeCalls.RunAsync([_gateway.Instance, other], _gateway.Clock, cancellationToken: stopping.Token);
        await _gateway.Clock.AdvanceUntilAsync(() => _gateway.Instance.History.Count >= 4 && other.History.Count >= 4);
        await stopping.CancelAsync();
        await calls;

        foreach (var instance in new[] { _gateway.Instance, other })
        {
            var bodies = instance.History.Select(sent => Encoding.UTF8.GetString(sent.Body.Span)).ToList();
            bodies.Should().Contain(body => body.Contains("\"offer\"")).And.OnlyContain(body => body.Contains("\"from\":\"7000000"));
            instance.Contacts.Should().HaveCountGreaterThan(3).And.OnlyContain(contact => contact.Key.StartsWith("7000000"));
            instance.Contacts.Values.Should().Contain(contact => contact.ContactName.Length > 0);
        }
    }

    [Fact]
    public async Task RunAsync_Cancelled_RingsNoMore()
    {
        using var stopping = new CancellationTokenSource();
        var calls = LifelikeCalls.RunAsync([_gateway.Instance], _gateway.Clock, cancellationToken: stopping.Token);

        await stopping.CancelAsync();
        await calls;
        var sent = _gateway.Instance.History.Count;
        _gateway.Clock.Advance(TimeSpan.FromMinutes(5));

        _gateway.Instance.History.Should().HaveCount(sent);
    }

    [Fact]
    public async Task RunAsync_SameSeed_HasTheSameCallers()
    {
        var first = await CallersAsync(seed: 7);

        (await CallersAsync(seed: 7)).Should().Equal(first);
        (await CallersAsync(seed: 8)).Should().NotEqual(first);
    }

    [Fact]
    public async Task RunAsync_SameSeed_HasTheSameOutcomes()
    {
        var first = await EndsAsync(seed: 7);

        (await EndsAsync(seed: 7)).Should().Equal(first);
        first.Distinct().Should().HaveCountGreaterThan(1);
    }

    [Fact]
    public async Task RunAsync_NoInstances_Throws() =>
        await FluentActions.Awaiting(() => LifelikeCalls.RunAsync([], _gateway.Clock)).Should().ThrowAsync<ArgumentException>();

    /// <summary>Gets the callers of the first twenty calls.</summary>
    private async Task<List<string>> CallersAsync(int seed)
    {
        var instance = _gateway.Simulator.AddInstance();
        using var stopping = new CancellationTokenSource();
        var calls = LifelikeCalls.RunAsync([instance], _gateway.Clock, options => options.Seed = seed, stopping.Token);
        await _gateway.Clock.AdvanceUntilAsync(() => Offers(instance).Count() >= 20);
        await stopping.CancelAsync();
        await calls;
        return [.. Offers(instance).Take(20)];
    }

    /// <summary>Gets the outcomes of the first twelve calls.</summary>
    private async Task<List<string?>> EndsAsync(int seed)
    {
        var instance = _gateway.Simulator.AddInstance();
        using var stopping = new CancellationTokenSource();
        var calls = LifelikeCalls.RunAsync([instance], _gateway.Clock, options => options.Seed = seed, stopping.Token);
        await _gateway.Clock.AdvanceUntilAsync(() => Calls(instance).Count == 12 && Calls(instance).TrueForAll(call => call.Length > 1));
        await stopping.CancelAsync();
        await calls;
        return [.. Calls(instance).Select(call => call[1].RawStatus)];
    }

    private static List<IncomingCallNotification[]> Calls(SimulatedInstance instance) =>
    [
        .. instance.History.Select(sent => NotificationReader.Read(sent.Body.Span).Call!)
            .GroupBy(call => call.IdMessage).Take(12).Select(group => group.ToArray()),
    ];

    private static IEnumerable<string> Offers(SimulatedInstance instance) =>
        instance.History.Select(sent => Encoding.UTF8.GetString(sent.Body.Span)).Where(body => body.Contains("\"offer\"")).Select(body => body[..28]);
}
