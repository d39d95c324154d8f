using IncomingCalls.Inbox;
using IncomingCalls.Inbox.InMemory;
using IncomingCalls.Shared;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.Tests.Inbox.Dispatch;

/// <summary>The engine with the rules of durable inboxes over an <see cref="ObservedCallStore"/>, in a host with a fake clock.</summary>
internal sealed class EngineHost : IAsyncDisposable
{
    private readonly TestHost _host;

    private EngineHost(TestHost host)
    {
        _host = host;
        var options = host.Services.GetRequiredService<LastKnownGoodOptions<IncomingCallsOptions>>();
        var calls = new InMemoryCallStore(host.Services.GetRequiredService<CallTransitions>(), options, host.Clock, host.Services.GetRequiredService<ILogger<InMemoryCallStore>>()) { Committed = changed => Loop!.OnCommitted(changed) };
        Store = new(calls);
        Loop = new(Store, host.Services.GetRequiredService<CallTransitions>(), Runner, host.Clock);
        Loop.Start(TimeSpan.FromMilliseconds(100));
    }

    public ObservedCallStore Store { get; }

    public DueWorkLoop Loop { get; }

    public AttemptRunner Runner => _host.Services.GetRequiredService<AttemptRunner>();

    public FakeTimeProvider Clock => _host.Clock;

    public TestRecorder Recorder => _host.Recorder;

    public TestHost Host => _host;

    public static async Task<EngineHost> StartAsync(Action<IIncomingCallsBuilder> configure, Action<IncomingCallsOptions>? options = null) =>
        new(await TestHost.StartAsync(configure, options));

    /// <summary>Accepts a call notification with the decision of <see cref="CallPolicies.AllStatuses"/>.</summary>
    public async Task<IntakeOutcome> AcceptAsync(IncomingCallNotification notification)
    {
        var decision = CallPolicies.AllStatuses.Decide(new() { Kind = CallFact.KindOf(notification), IdInstance = notification.Instance.IdInstance, Notification = notification });
        return (await Loop.AcceptAsync(new() { Notification = notification, Decision = decision, ReceivedAt = Clock.GetUtcNow() }, CancellationToken.None)).Outcome;
    }

    /// <summary>Accepts a missed call of each of a number of callers, who are all different.</summary>
    public async Task AcceptMissedCallsAsync(int count)
    {
        for (var call = 0; call < count; call++)
        {
            await AcceptAsync(TestNotifications.CreateCall("declined", $"{call}", from: GetCaller(call)));
        }
    }

    public static string GetCaller(int call) => $"7900{call:D7}@c.us";

    public Task WaitUntilIdleAsync() => Loop.WaitUntilNothingIsDueAsync().WaitAsync(TimeSpan.FromSeconds(10));

    /// <summary>Advances the clock, and waits until the work is done that has become due.</summary>
    public Task AdvanceAsync(double seconds)
    {
        Clock.Advance(TimeSpan.FromSeconds(seconds));
        return WaitUntilIdleAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _host.WaitForStopAsync(Loop.StopAsync(CancellationToken.None));
        Store.Close();
        Loop.Dispose();
        await _host.DisposeAsync();
    }
}
