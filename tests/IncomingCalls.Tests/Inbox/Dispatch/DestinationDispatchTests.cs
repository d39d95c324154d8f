using System.Collections.Concurrent;
using System.Net;
using IncomingCalls.Processes;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Tests.Inbox.Dispatch;

/// <summary>Pauses and rate limits in the engine of one process.</summary>
public class DestinationDispatchTests
{
    private const int Slots = 4;

    private readonly ConcurrentQueue<string> _attempts = [];

    /// <summary>Permits that were taken in advance would all be used at once when a slot is free.</summary>
    [Fact]
    public async Task RateLimit_SlotWasTakenForLong_StartsOneAttemptAtATimeAfterwards()
    {
        await using var host = await EngineHost.StartAsync(
            static builder => builder.AddHandler<RecordingHandler>(static o => (o.Name, o.RateLimit) = ("crm", new() { Permits = 1, Period = TimeSpan.FromSeconds(1) })),
            static options => options.MaxConcurrentAttemptsPerInstance = 1);
        TaskCompletionSource firstStarted = new(), firstEnds = new();
        host.Recorder.OnEvent = async (callEvent, _) =>
        {
            _attempts.Enqueue(callEvent.Call.Key.IdMessage);
            firstStarted.TrySetResult();
            await firstEnds.Task;
        };
        await host.AcceptMissedCallsAsync(30);
        // A process has its first permit an interval after its start at the latest.
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await firstStarted.Task.WaitAsync(TimeSpan.FromSeconds(10));
        for (var second = 0; second < 20; second++)
        {
            host.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        firstEnds.SetResult();
        await host.WaitUntilIdleAsync();
        _attempts.Should().HaveCount(2, "the one that had the slot, and one with the permit of now");

        await host.AdvanceAsync(1);
        _attempts.Should().HaveCount(3);
    }

    /// <summary>An attempt that waited for a slot would start although the destination is paused meanwhile.</summary>
    [Fact]
    public async Task Pause_AllSlotsWereTaken_StartsNoOtherAttempt()
    {
        await using var host = await StartAsync();
        TaskCompletionSource allRun = new(), allEnd = new();
        host.Recorder.OnEvent = async (callEvent, _) =>
        {
            _attempts.Enqueue(callEvent.Call.Key.IdMessage);
            if (_attempts.Count == Slots)
            {
                allRun.SetResult();
            }

            await allEnd.Task;
            throw new DestinationUnavailableException("portal", TimeSpan.FromHours(1));
        };
        await host.AcceptMissedCallsAsync(20);
        await allRun.Task.WaitAsync(TimeSpan.FromSeconds(10));

        allEnd.SetResult();
        await host.WaitUntilIdleAsync();

        _attempts.Should().HaveCount(Slots);
    }

    /// <summary>A destination may refuse one event alone, for example because of a word that a firewall does not like.</summary>
    [Fact]
    public async Task Probe_OneDeliveryAlwaysFails_AnotherOneIsTried()
    {
        await using var host = await StartAsync();
        host.Recorder.OnEvent = (callEvent, _) =>
        {
            _attempts.Enqueue(callEvent.Call.Key.IdMessage);
            return callEvent.Call.Key.IdMessage == "0" ? throw new DestinationUnavailableException("portal") : default;
        };
        await host.AcceptMissedCallsAsync(1);
        await host.WaitUntilIdleAsync();
        for (var call = 1; call < 10; call++)
        {
            await host.AcceptAsync(TestNotifications.CreateCall("declined", $"{call}", from: EngineHost.GetCaller(call)));
        }

        // The first probe may be the same delivery again, since the others were due later.
        await host.AdvanceAsync(60);
        await host.AdvanceAsync(120);

        _attempts.Distinct().Should().HaveCount(10);
    }

    [Fact]
    public async Task Pause_AttemptFromBeforeTimesOut_GoesOn()
    {
        await using var host = await StartAsync();
        var isFirst = true;
        host.Recorder.OnEvent = async (callEvent, token) =>
        {
            _attempts.Enqueue(callEvent.Call.Key.IdMessage);
            if (callEvent.Call.Key.IdMessage == "1" && isFirst)
            {
                isFirst = false;
                throw new DestinationUnavailableException("portal", TimeSpan.FromSeconds(25));
            }

            // The one from before the pause, and the probe.
            await Task.Delay(Timeout.InfiniteTimeSpan, token);
        };
        await host.AcceptMissedCallsAsync(1);
        await Eventually.HoldsAsync(() => _attempts.Should().HaveCount(1));
        await host.AcceptAsync(TestNotifications.CreateCall("declined", "1", from: EngineHost.GetCaller(1)));
        await Eventually.HoldsAsync(() => _attempts.Should().HaveCount(2));
        for (var call = 2; call < 8; call++)
        {
            await host.AcceptAsync(TestNotifications.CreateCall("declined", $"{call}", from: EngineHost.GetCaller(call)));
        }

        host.Clock.Advance(TimeSpan.FromSeconds(26));
        await Eventually.HoldsAsync(() => _attempts.Should().HaveCount(3, "the probe"));
        // The attempt from before the pause has its timeout after 30 seconds.
        host.Clock.Advance(TimeSpan.FromSeconds(5));
        await Eventually.HoldsAsync(() => host.Runner.InFlight.Should().Be(1, "the probe runs"));

        _attempts.Should().HaveCount(3);
        host.Recorder.OnEvent = static (_, _) => default;
    }

    [Fact]
    public async Task Unavailable_UntilTheEndOfTime_IsProbedAfterADay()
    {
        await using var host = await StartAsync();
        var isFirst = true;
        host.Recorder.OnEvent = (callEvent, _) =>
        {
            _attempts.Enqueue(callEvent.Call.Key.IdMessage);
            var fails = isFirst;
            isFirst = false;
            return fails ? throw new DestinationUnavailableException("portal", TimeSpan.MaxValue) : default;
        };
        await host.AcceptMissedCallsAsync(1);
        await host.WaitUntilIdleAsync();

        host.Clock.Advance(TimeSpan.FromHours(23));
        await host.WaitUntilIdleAsync();
        _attempts.Should().HaveCount(1);
        host.Clock.Advance(TimeSpan.FromHours(1));
        await host.WaitUntilIdleAsync();

        _attempts.Should().HaveCount(2);
    }

    [Fact]
    public async Task Delay_OfZero_IsNotRepeatedAtOnce()
    {
        await using var host = await StartAsync();
        using var response = new HttpResponseMessage(HttpStatusCode.TooManyRequests);
        response.Headers.TryAddWithoutValidation("Retry-After", "0");
        host.Recorder.OnEvent = (callEvent, _) =>
        {
            _attempts.Enqueue(callEvent.Call.Key.IdMessage);
            throw CallEventRetryException.FromRetryAfter(response, TimeSpan.FromMinutes(1), "portal");
        };
        await host.AcceptMissedCallsAsync(1);
        await host.WaitUntilIdleAsync();
        _attempts.Should().HaveCount(1);

        await host.AdvanceAsync(1);

        _attempts.Should().HaveCount(2);
    }

    private static Task<EngineHost> StartAsync() => EngineHost.StartAsync(
        static builder => builder.AddHandler<RecordingHandler>(static o => (o.Name, o.Destination) = ("crm", static _ => "portal")),
        static options => options.MaxConcurrentAttemptsPerInstance = Slots);
}
