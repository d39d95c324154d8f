using System.Collections.Concurrent;
using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.Serialization;
using IncomingCalls.Orleans.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IncomingCalls.Orleans.Tests.Destinations;

public class DestinationsGrainTests
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(1);

    private readonly ShiftedTimeProvider _time = new();
    private readonly TestStorage _storage = new();

    private DateTimeOffset Now => _time.GetUtcNow();

    [Fact]
    public async Task Admit_ProbeIsRunning_OthersWaitUntilItsSiloMustHaveDied()
    {
        await using var node = await StartAsync();
        var grain = GetGrain(node);
        await grain.ChangePauseAsync("told", "portal", before: null, Pause(until: Now));

        var probe = await grain.AdmitAsync(Request("A"));
        var other = await grain.AdmitAsync(Request("B"));
        var again = await grain.AdmitAsync(Request("A"));
        _time.Shift = TimeSpan.FromSeconds(55);
        var beforeTimeout = await grain.AdmitAsync(Request("B"));
        _time.Shift = TimeSpan.FromSeconds(65);
        var next = await grain.AdmitAsync(Request("B"));

        (probe.MustWait, probe.Pause!.ToModel<DestinationPause>().Destination).Should().Be((false, "portal"));
        (other.MustWait, beforeTimeout.MustWait).Should().Be((true, true));
        (again.MustWait, next.MustWait).Should().Be((false, false), "a call repeats its own probe, and replaces that of a silo that has died");
    }

    [Fact]
    public async Task Admit_Paused_CallsAskAgainSpreadOverTenMillisecondsEach()
    {
        const int Calls = 200;
        await using var node = await StartAsync();
        var grain = GetGrain(node);
        var until = Now.AddMinutes(1);
        await grain.ChangePauseAsync("told", "portal", before: null, Pause(until));

        var admissions = await AskAsync(grain, Calls);
        var otherDestination = await grain.AdmitAsync(Request("A", destination: "portal-2"));
        var otherHandler = await grain.AdmitAsync(Request("A", handler: "other"));

        admissions.Should().OnlyContain(static admission => admission.MustWait);
        admissions.Select(static admission => admission.At).Should().OnlyContain(at => at >= until && at < until.AddMilliseconds(10 * Calls));
        (admissions.Max(static admission => admission.At) - until).Should().BeGreaterThan(TimeSpan.FromMilliseconds(Calls));
        (otherDestination.MustWait, otherHandler.MustWait).Should().Be((false, false));
    }

    [Fact]
    public async Task Admit_PausedAgainAfterAProbe_TheSameCallIsNotAlwaysTheNextProbe()
    {
        const int Probes = 30;
        await using var node = await StartAsync();
        var grain = GetGrain(node);
        List<int> next = [];
        JsonPayload? before = null;
        for (var probe = 0; probe < Probes; probe++)
        {
            var after = Pause(Now.AddMinutes(probe + 1));
            await grain.ChangePauseAsync("told", "portal", before, after);
            before = after;

            // The call whose probe has failed asks first.
            var admissions = await AskAsync(grain, calls: 5);
            next.Add(Array.IndexOf(admissions, admissions.MinBy(static admission => admission.At)));
        }

        next.Should().Contain(static index => index != 0, "an event that always fails would hold the others");
    }

    [Fact]
    public async Task Admit_NextProbeIsFarAway_AsksAgainWithinAQuarterOfAnHour()
    {
        await using var node = await StartAsync();
        await GetGrain(node).ChangePauseAsync("told", "portal", before: null, Pause(Now.AddHours(5)));

        (await GetGrain(node).AdmitAsync(Request("A"))).At.Should().BeCloseTo(Now.AddMinutes(15), Tolerance);
    }

    [Fact]
    public async Task Admit_RateLimit_CallsQueueForTheirPermits()
    {
        await using var node = await StartAsync();
        var grain = GetGrain(node);

        AttemptAdmission[] first = [await AskAsync("A"), await AskAsync("B"), await AskAsync("C")];
        var otherPartition = await AskAsync("A", partition: "q");
        _time.Shift = TimeSpan.FromSeconds(61);
        var later = await AskAsync("D");
        var turn = await AskAsync("B", hasWaited: true);

        first.Select(static admission => admission.MustWait).Should().Equal(false, true, true);
        (otherPartition.MustWait, turn.MustWait).Should().Be((false, false));
        (first[2].At - first[1].At).Should().Be(TimeSpan.FromMinutes(1));
        (later.MustWait, later.At).Should().Be((true, first[2].At.AddMinutes(1)), "the calls that wait come first");

        Task<AttemptAdmission> AskAsync(string call, string partition = "p", bool hasWaited = false) =>
            grain.AdmitAsync(new() { Call = call, Handler = "limited", Partition = partition, HasWaitedForPermit = hasWaited });
    }

    [Fact]
    public async Task Admit_RateLimitIsMetSoon_ReservesThePermit()
    {
        await using var node = await StartAsync();
        AttemptRequest request = new() { Call = "A", Handler = "fast", Partition = "" };

        AttemptAdmission[] admissions = [await GetGrain(node).AdmitAsync(request), await GetGrain(node).AdmitAsync(request), await GetGrain(node).AdmitAsync(request)];

        admissions.Should().OnlyContain(static admission => !admission.MustWait);
        (admissions[2].At - admissions[1].At).Should().Be(TimeSpan.FromMilliseconds(500));
    }

    [Fact]
    public async Task ChangePause_AnotherOneIsStored_ReturnsThatOne()
    {
        await using var node = await StartAsync();
        var grain = GetGrain(node);
        JsonPayload first = Pause(Now.AddMinutes(1)), second = Pause(Now.AddMinutes(2));
        await grain.ChangePauseAsync("told", "portal", before: null, first);

        var refused = await grain.ChangePauseAsync("told", "portal", before: null, second);
        var changed = await grain.ChangePauseAsync("told", "portal", first, second);

        refused!.ToModel<DestinationPause>().Should().Be(first.ToModel<DestinationPause>());
        changed!.ToModel<DestinationPause>().Should().Be(second.ToModel<DestinationPause>());
        (await node.Inbox.ListPausesAsync()).Should().Equal(second.ToModel<DestinationPause>());
    }

    [Fact]
    public async Task ListPauses_DelayHasEnded_IsNotListedAndDeletedByTheNextChange()
    {
        await using var node = await StartAsync();
        var grain = GetGrain(node);
        await grain.ChangePauseAsync("told", "portal", before: null, Pause(Now.AddMinutes(1), isUnavailable: false));
        (await node.Inbox.ListPausesAsync()).Should().ContainSingle();

        _time.Shift = TimeSpan.FromMinutes(2);

        (await node.Inbox.ListPausesAsync()).Should().BeEmpty();
        (await grain.AdmitAsync(Request("A"))).MustWait.Should().BeFalse();
        await grain.ChangePauseAsync("told", "portal-2", before: null, Pause(Now.AddMinutes(1), destination: "portal-2"));
        var document = System.Text.Encoding.UTF8.GetString(_storage["pauses", grain.GetGrainId()].Document!);
        document.Should().Contain("portal-2").And.NotContain("\"portal\"");
    }

    [Fact]
    public async Task Attempt_WithoutDestinationAndLimit_DoesNotAskTheGrain()
    {
        var recorder = new EventRecorder();
        var requests = 0;
        await using var node = await Node.StartAsync(
            services =>
            {
                SingleSiloCluster.Add(services, _storage);
                services.AddOrleans(silo => silo.AddIncomingGrainCallFilter(context =>
                {
                    requests += context.MethodName is nameof(IDestinationsGrain.AdmitAsync) or nameof(IDestinationsGrain.ChangePauseAsync) ? 1 : 0;
                    return context.Invoke();
                }));
            },
            recorder,
            calls => calls.AddHandler<RecordingHandler>(options => (options.Name, options.Destination) = ("gated", static callEvent => callEvent.Call.Key.IdMessage == "B" ? "portal" : null)));

        await node.DeliverAsync(Node.CreateNotification("declined"));
        await Eventually.HoldsAsync(() => recorder.Lines.Should().HaveCount(2));
        requests.Should().Be(0);

        await node.DeliverAsync(Node.CreateNotification("declined", "B"));
        await Eventually.HoldsAsync(() => recorder.Lines.Should().HaveCount(4));
        requests.Should().Be(1, "one handler has a destination, and an attempt that succeeds reports nothing");
    }

    [Fact]
    public async Task Attempt_PauseBeginsWhileItWaitsForASlot_DoesNotStart()
    {
        var recorder = new EventRecorder();
        TaskCompletionSource started = new(), go = new();
        recorder.BeforeRecording = (_, _, _) =>
        {
            started.TrySetResult();
            return go.Task;
        };
        ConcurrentQueue<(bool MustWait, bool IsPaused)> admissions = [];
        await using var node = await StartWithDestinationAsync(
            recorder,
            static options => options.Timeout = TimeSpan.FromMinutes(5),
            admissions,
            static calls => calls.Services.Configure<IncomingCallsOptions>(static options => options.MaxConcurrentAttemptsPerInstance = 1));
        await node.DeliverAsync(Node.CreateNotification("declined"));
        await started.Task;
        await node.DeliverAsync(Node.CreateNotification("declined", "B"));

        await GetGrain(node).ChangePauseAsync("told", "portal", before: null, Pause(Now.AddHours(1)));
        go.SetResult();

        await Eventually.HoldsAsync(() => admissions.Take(2).Should().Equal([(false, false), (true, true)], "the second call asks when it has a slot"));
        recorder.Lines.Should().Equal("Missed A");
    }

    [Fact]
    public async Task Attempt_ProbeTimesOut_ThePauseContinues()
    {
        var recorder = new EventRecorder { BeforeRecording = static (_, _, cancellationToken) => Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken) };
        await using var node = await StartWithDestinationAsync(recorder, static options => options.Timeout = TimeSpan.FromSeconds(1), []);
        await GetGrain(node).ChangePauseAsync("told", "portal", before: null, Pause(until: Now));

        await node.DeliverAsync(Node.CreateNotification("declined"));

        await Eventually.HoldsAsync(async () => (await node.Inbox.ListPausesAsync()).Should().ContainSingle().Which.Should().BeEquivalentTo(new { Failures = 2, IsUnavailable = true }));
    }

    [Fact]
    public async Task WakeUp_ProbeIsStillRunningAfterMaxPause_WaitsForItsResult()
    {
        var recorder = new EventRecorder();
        TaskCompletionSource started = new(), probe = new();
        recorder.BeforeRecording = (_, _, _) =>
        {
            started.TrySetResult();
            return probe.Task;
        };
        var requests = 0;
        await using var node = await Node.StartAsync(
            services =>
            {
                SingleSiloCluster.Add(services, _storage);
                services.AddSingleton<TimeProvider>(_time);
                services.AddOrleans(silo => silo.AddIncomingGrainCallFilter(async context =>
                {
                    await context.Invoke();
                    requests += context.MethodName is nameof(IDestinationsGrain.AdmitAsync) ? 1 : 0;
                }));
            },
            recorder: null,
            calls =>
            {
                calls.Services.AddSingleton(recorder);
                calls.AddHandler<RecordingHandler>(static options => (options.Name, options.Destination, options.MaxPause) = ("told", static _ => "portal", TimeSpan.FromSeconds(1)));
            });
        await GetGrain(node).ChangePauseAsync("told", "portal", before: null, Pause(until: Now));
        await node.DeliverAsync(Node.CreateNotification("declined"));
        await started.Task;
        await node.DeliverAsync(Node.CreateNotification("declined", "B"));
        await Eventually.HoldsAsync(() => requests.Should().Be(2));

        // The bucket wakes the second call, which asks again.
        _time.Shift = TimeSpan.FromSeconds(20);
        await Eventually.HoldsAsync(() => requests.Should().BeGreaterThan(2));
        probe.SetResult();

        await Eventually.HoldsAsync(() => recorder.Lines.Should().BeEquivalentTo("Missed A", "Missed B"));
    }

    private static async Task<AttemptAdmission[]> AskAsync(IDestinationsGrain grain, int calls)
    {
        var admissions = new AttemptAdmission[calls];
        for (var i = 0; i < calls; i++)
        {
            admissions[i] = await grain.AdmitAsync(Request($"{i}"));
        }

        return admissions;
    }

    private static IDestinationsGrain GetGrain(Node node) => node.Services.GetRequiredService<IGrainFactory>().GetGrain<IDestinationsGrain>(0);

    private static AttemptRequest Request(string call, string handler = "told", string destination = "portal") => new() { Call = call, Handler = handler, Destination = destination, Partition = destination };

    private static JsonPayload Pause(DateTimeOffset until, string destination = "portal", bool isUnavailable = true) => JsonPayload.FromModel(new DestinationPause
    {
        Handler = "told",
        Destination = destination,
        Since = until.AddHours(-1),
        Until = until,
        IsUnavailable = isUnavailable,
        Failures = isUnavailable ? 1 : 0,
    });

    /// <summary>Starts a node whose handler <c>told</c> delivers to <c>portal</c>.</summary>
    private Task<Node> StartWithDestinationAsync(
        EventRecorder recorder,
        Action<CallHandlerOptions> configure,
        ConcurrentQueue<(bool MustWait, bool IsPaused)> admissions,
        Action<IIncomingCallsBuilder>? configureCalls = null) => Node.StartAsync(
        services =>
        {
            SingleSiloCluster.Add(services, _storage);
            services.AddOrleans(silo => silo.AddIncomingGrainCallFilter(async context =>
            {
                await context.Invoke();
                if (context.Result is AttemptAdmission admission)
                {
                    admissions.Enqueue((admission.MustWait, admission.Pause is not null));
                }
            }));
        },
        recorder: null,
        calls =>
        {
            calls.Services.AddSingleton(recorder);
            calls.AddHandler<RecordingHandler>(options =>
            {
                (options.Name, options.Destination) = ("told", static _ => "portal");
                configure(options);
            });
            configureCalls?.Invoke(calls);
        });

    private Task<Node> StartAsync() => Node.StartAsync(
        services =>
        {
            SingleSiloCluster.Add(services, _storage);
            services.AddSingleton<TimeProvider>(_time);
        },
        new(),
        static calls => calls
            .AddHandler<RecordingHandler>(static options => (options.Name, options.RateLimit) = ("limited", new() { Permits = 1, Period = TimeSpan.FromMinutes(1) }))
            .AddHandler<RecordingHandler>(static options => (options.Name, options.RateLimit) = ("fast", new() { Permits = 2, Period = TimeSpan.FromSeconds(1) })));
}
