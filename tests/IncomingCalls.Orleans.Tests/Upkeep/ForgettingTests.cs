using IncomingCalls.Orleans.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Orleans.Tests.Upkeep;

/// <summary>Calls are forgotten when repeats of them come no more.</summary>
public class ForgettingTests
{
    private readonly TestStorage _storage = new();
    private readonly ShiftedTime _time = new();
    private readonly Told _told = new();

    [Fact]
    public async Task Finished_RepeatWindowIsOver_IsForgotten()
    {
        await using var node = await StartAsync();
        await node.DeliverAsync(Node.Call("declined", "handled"));
        await node.DeliverAsync(Node.Call("transferred", "other"));
        await Eventually.HoldsAsync(() => _told.Events.Should().HaveCount(2));

        await PageIsClosedAsync();
        (await node.Intake.AcceptAsync(Node.Call("declined", "handled"))).Outcome.Should().Be(IntakeOutcome.Repeat);
        _time.Shift += TimeSpan.FromHours(73);

        await Eventually.HoldsAsync(() => _storage.Of("call").Should().BeEmpty());
        await Eventually.HoldsAsync(() => _storage.Of("forgetting-page").Should().BeEmpty());
        (await node.Intake.AcceptAsync(Node.Call("declined", "handled"))).Outcome.Should().Be(IntakeOutcome.Stored, "nobody remembers it");
    }

    [Fact]
    public async Task OnlyTracked_RepeatWindowIsOver_IsForgotten()
    {
        await using var node = await StartAsync(static options => options.Scenario = CallScenario.OfferOnly);
        await node.DeliverAsync(Node.Call("declined"));

        await PageIsClosedAsync();
        _time.Shift += TimeSpan.FromHours(73);

        await Eventually.HoldsAsync(() => _storage.Of("call").Should().BeEmpty());
    }

    [Fact]
    public async Task Unfinished_RepeatWindowIsOver_IsKept()
    {
        _told.First = (_, told, _) => told.Kind == CallEventKind.Missed ? throw new CallEventRetryException(TimeSpan.FromHours(20)) : Task.CompletedTask;
        await using var node = await StartAsync(static options => options.Retries = [.. Enumerable.Repeat(TimeSpan.FromHours(20), 100)]);
        await node.DeliverAsync(Node.Call("pickUp", "finished"));
        await node.DeliverAsync(Node.Call("pickUp", "failing"));
        await Eventually.HoldsAsync(() => _told.Events.Should().HaveCount(2));

        await PageIsClosedAsync();
        await node.DeliverAsync(Node.Call("declined", "failing"));
        _time.Shift += TimeSpan.FromHours(73);

        await Eventually.HoldsAsync(() => _storage.Of("call").Should().ContainSingle().Which.Key.ToString().Should().EndWith("failing"));
    }

    [Fact]
    public async Task StorageExpires_NothingIsNoted()
    {
        await using var node = await StartAsync(expires: true);
        await node.DeliverAsync(Node.Call("declined"));
        await Eventually.HoldsAsync(() => _told.Events.Should().ContainSingle());
        await node.StopAsync();

        _storage.Of("forgetting-page").Should().BeEmpty("a page would be written at the latest when the silo stops");
        _storage.Of("call").Should().ContainSingle();
    }

    /// <summary>A page is closed an hour after its first call, and nobody tells when that was entered: the clock goes on until it happens.</summary>
    private Task PageIsClosedAsync() => Eventually.HoldsAsync(() =>
    {
        _time.Shift += TimeSpan.FromMinutes(1);
        _storage.Of("forgetting-page").Should().NotBeEmpty();
    });

    private Task<Node> StartAsync(Action<IncomingCallsOptions>? options = null, bool expires = false) => Node.StartAsync(
        services =>
        {
            services.AddSingleton<TimeProvider>(_time);
            MemoryCluster.Add(services, _storage);
        },
        _told,
        calls =>
        {
            calls.UseOrleansInbox(settings => settings.StorageExpires = expires);
            calls.Services.Configure<IncomingCallsOptions>(settings => options?.Invoke(settings));
        });
}
