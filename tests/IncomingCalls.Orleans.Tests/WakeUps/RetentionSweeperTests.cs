using IncomingCalls.Orleans.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Orleans.Tests.WakeUps;

/// <summary>Calls are deleted after the deduplication window.</summary>
public class RetentionSweeperTests
{
    private readonly TestStorage _storage = new();
    private readonly ShiftedTimeProvider _time = new();
    private readonly EventRecorder _recorder = new();

    [Fact]
    public async Task Sweep_FinishedCallAfterTheDeduplicationWindow_IsDeleted()
    {
        await using var node = await StartAsync();
        await node.DeliverAsync(Node.CreateNotification("declined", "handled"));
        await node.DeliverAsync(Node.CreateNotification("transferred", "other"));
        await Eventually.HoldsAsync(() => _recorder.Events.Should().HaveCount(2));

        await WaitUntilPageIsClosedAsync();
        (await node.Intake.AcceptAsync(Node.CreateNotification("declined", "handled"))).Outcome.Should().Be(IntakeOutcome.Duplicate);
        _time.Shift += TimeSpan.FromHours(73);

        await Eventually.HoldsAsync(() => _storage.GrainsOf("call").Should().BeEmpty());
        await Eventually.HoldsAsync(() => _storage.GrainsOf("forgetting-page").Should().BeEmpty());
        (await node.Intake.AcceptAsync(Node.CreateNotification("declined", "handled"))).Outcome.Should().Be(IntakeOutcome.Stored, "the call was deleted");
    }

    [Fact]
    public async Task Sweep_TrackedCallAfterTheDeduplicationWindow_IsDeleted()
    {
        await using var node = await StartAsync(static options => options.Scenario = CallScenario.OfferOnly);
        await node.DeliverAsync(Node.CreateNotification("declined"));

        await WaitUntilPageIsClosedAsync();
        _time.Shift += TimeSpan.FromHours(73);

        await Eventually.HoldsAsync(() => _storage.GrainsOf("call").Should().BeEmpty());
    }

    [Fact]
    public async Task Sweep_UnfinishedCallAfterTheDeduplicationWindow_IsRetained()
    {
        _recorder.BeforeRecording = (_, callEvent, _) => callEvent.Kind == CallEventKind.Missed ? throw new CallEventRetryException(TimeSpan.FromHours(20)) : Task.CompletedTask;
        await using var node = await StartAsync(static options => options.RetryDelays = [.. Enumerable.Repeat(TimeSpan.FromHours(20), 100)]);
        await node.DeliverAsync(Node.CreateNotification("pickUp", "finished"));
        await node.DeliverAsync(Node.CreateNotification("pickUp", "failing"));
        await Eventually.HoldsAsync(() => _recorder.Events.Should().HaveCount(2));

        await WaitUntilPageIsClosedAsync();
        await node.DeliverAsync(Node.CreateNotification("declined", "failing"));
        _time.Shift += TimeSpan.FromHours(73);

        await Eventually.HoldsAsync(() => _storage.GrainsOf("call").Should().ContainSingle().Which.Key.ToString().Should().EndWith("failing"));
    }

    [Fact]
    public async Task Add_StorageExpiresEntries_WritesNoPage()
    {
        await using var node = await StartAsync(expires: true);
        await node.DeliverAsync(Node.CreateNotification("declined"));
        await Eventually.HoldsAsync(() => _recorder.Events.Should().ContainSingle());
        await node.StopAsync();

        _storage.GrainsOf("forgetting-page").Should().BeEmpty("a page would be written at the latest when the silo stops");
        _storage.GrainsOf("call").Should().ContainSingle();
    }

    /// <summary>Advances the clock until the page is closed, an hour after its first call was added at an unknown time.</summary>
    private Task WaitUntilPageIsClosedAsync() => Eventually.HoldsAsync(() =>
    {
        _time.Shift += TimeSpan.FromMinutes(1);
        _storage.GrainsOf("forgetting-page").Should().NotBeEmpty();
    });

    private Task<Node> StartAsync(Action<IncomingCallsOptions>? options = null, bool expires = false) => Node.StartAsync(
        services =>
        {
            services.AddSingleton<TimeProvider>(_time);
            SingleSiloCluster.Add(services, _storage);
        },
        _recorder,
        calls =>
        {
            calls.UseOrleansInbox(settings => settings.StorageExpiresEntries = expires);
            calls.Services.Configure<IncomingCallsOptions>(settings => options?.Invoke(settings));
        });
}
