using System.Collections.Concurrent;
using IncomingCalls.GreenApi.Callers;
using IncomingCalls.GreenApi.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace IncomingCalls.GreenApi.Tests.Callers;

public class CallerRequestQueueTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1.02);

    private static readonly CallInstance Instance = new() { IdInstance = 1, ApiUrl = new("https://api.example.test"), ApiTokenInstance = "token" };

    private readonly TestSignal _signal = new();
    private readonly RecordingTimeProvider _time;
    private readonly ConcurrentQueue<(int Number, TimeSpan At)> _sent = new();
    private readonly long _start;

    public CallerRequestQueueTests()
    {
        _time = new(_signal);
        _start = _time.GetTimestamp();
    }

    /// <summary>
    /// The gateway allows one request per second. The clock advances to the next request, and no further, so that a request that is sent
    /// too early has a time that shows it.
    /// </summary>
    [Fact]
    public async Task TryEnqueue_OneRequestPerSecond_SendsAtLeastFortyIn42SecondsAndNeverTwoWithinASecond()
    {
        var queue = CreateQueues(perSecond: 1).GetOrCreate(1);
        for (var number = 0; number < 60; number++)
        {
            _ = Enqueue(queue, number);
        }

        var sent = 1;
        await WaitUntilSentAsync(sent);
        for (var elapsed = Interval; elapsed <= TimeSpan.FromSeconds(42); elapsed += Interval)
        {
            await _time.WaitForTimersAsync(Interval, sent);
            _time.Advance(Interval);
            await WaitUntilSentAsync(++sent);
        }

        sent.Should().BeGreaterThanOrEqualTo(40);
        var times = _sent.Select(request => request.At).ToArray();
        times[^1].Should().BeLessThanOrEqualTo(TimeSpan.FromSeconds(42));
        times.Zip(times.Skip(1), static (earlier, later) => later - earlier).Should().OnlyContain(gap => gap >= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task TryEnqueue_TenRequestsPerSecond_SendsNeverMoreThanTenWithinASecond()
    {
        var queue = CreateQueues(perSecond: 10).GetOrCreate(1);
        for (var number = 0; number < 40; number++)
        {
            _ = Enqueue(queue, number);
        }

        for (var second = 1; second < 4; second++)
        {
            await WaitUntilSentAsync(10 * second);
            await _time.WaitForTimersAsync(Interval, second);
            _time.Advance(Interval);
        }

        await WaitUntilSentAsync(40);
        var times = _sent.Select(request => request.At).ToArray();
        times.Zip(times.Skip(10), static (earlier, later) => later - earlier).Should().OnlyContain(gap => gap >= TimeSpan.FromSeconds(1));
    }

    /// <summary>The first request may have to open a connection, so that it reaches the gateway long after it was sent.</summary>
    [Fact]
    public async Task TryEnqueue_FirstRequestIsAnsweredLate_SecondFollowsTheAnswer()
    {
        var queue = CreateQueues(perSecond: 1).GetOrCreate(1);
        var answer = new TaskCompletionSource<CallerAnswer<CallerName>>();
        var first = Enqueue(queue, 1, answer.Task);
        _ = Enqueue(queue, 2);
        await WaitUntilSentAsync(1);
        _time.Advance(TimeSpan.FromSeconds(3));
        answer.SetResult(default);
        await first.WaitAsync(TimeSpan.FromSeconds(10));

        await _time.WaitForTimersAsync(Interval, 1);
        _time.Advance(Interval);
        await WaitUntilSentAsync(2);

        _sent.Last().At.Should().Be(TimeSpan.FromSeconds(3) + Interval);
    }

    [Fact]
    public async Task TryEnqueue_ManyQueued_RingingCallsFirst()
    {
        var queue = CreateQueues(perSecond: 1).GetOrCreate(1);
        _ = Enqueue(queue, 0);
        await _time.WaitForTimersAsync(Interval, 1);
        _ = Enqueue(queue, 1);
        _ = Enqueue(queue, 2);
        _ = Enqueue(queue, 3, query: Query(isRinging: true));
        _ = Enqueue(queue, 4, query: Query(isRinging: true));

        for (var sent = 1; sent <= 4; sent++)
        {
            await _time.WaitForTimersAsync(Interval, sent);
            if (sent == 3)
            {
                // The call begins to ring while the next request is not due yet.
                _ = Enqueue(queue, 5, query: Query(isRinging: true));
            }

            _time.Advance(Interval);
            await WaitUntilSentAsync(sent + 1);
        }

        _sent.Select(request => request.Number).Should().Equal(0, 3, 4, 5, 1);
    }

    [Fact]
    public async Task TryEnqueue_RequestFails_WaitingQueriesAreRejectedAtOnceAndTheNextRequestIsAProbe()
    {
        var queue = new CallerRequestQueue<CallerName>(1, CallerRequestKind.Name, static () => int.MaxValue, _time, NullLogger.Instance);
        var answer = new TaskCompletionSource<CallerAnswer<CallerName>>();
        var failing = Enqueue(queue, 0, answer.Task);
        var waiting = Enumerable.Range(1, 300).Select(number => Enqueue(queue, number)).ToArray();
        await WaitUntilSentAsync(1);

        answer.SetResult(new() { Failure = "Unreachable" });
        foreach (var rejected in waiting.Append(failing))
        {
            await ShouldBeUnavailableAsync(rejected);
        }

        FluentActions.Invoking(() => { _ = Enqueue(queue, 301); }).Should().Throw<CallerNameUnavailableException>();
        _sent.Should().ContainSingle();

        _time.Advance(TimeSpan.FromSeconds(2.4));
        answer = new();
        var probe = Enqueue(queue, 302, answer.Task);
        var others = Enumerable.Range(303, 10).Select(number => Enqueue(queue, number)).ToArray();
        await WaitUntilSentAsync(2);
        _sent.Last().Number.Should().Be(302);
        answer.SetResult(new() { Value = new() { Name = "Ivan", Source = "name" } });

        (await probe)!.Name.Should().Be("Ivan");
        await Task.WhenAll(others).WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task TryEnqueue_ProbeIsPending_OthersWait()
    {
        var queue = new CallerRequestQueue<CallerName>(1, CallerRequestKind.Name, static () => int.MaxValue, _time, NullLogger.Instance);
        var answer = new TaskCompletionSource<CallerAnswer<CallerName>>();
        using var cancellation = new CancellationTokenSource();
        var probe = Enqueue(queue, 1, answer.Task, cancellationToken: cancellation.Token);
        await WaitUntilSentAsync(1);
        var second = Enqueue(queue, 2, new TaskCompletionSource<CallerAnswer<CallerName>>().Task);
        var third = Enqueue(queue, 3);

        await cancellation.CancelAsync();
        await FluentActions.Awaiting(() => probe.WaitAsync(TimeSpan.FromSeconds(10))).Should().ThrowAsync<OperationCanceledException>();
        await WaitUntilSentAsync(2);

        _sent.Select(request => request.Number).Should().Equal([1, 2], "a cancelled probe shows nothing, so the next request is the probe");
        (second.IsCompleted, third.IsCompleted).Should().Be((false, false));
    }

    [Fact]
    public async Task TryEnqueue_RequestThatWasSentBeforeThePauseFailsAfterIt_BeginsNoPause()
    {
        var queue = CreateQueues(perSecond: 1).GetOrCreate(1);
        _ = Enqueue(queue, 0);
        await _time.WaitForTimersAsync(Interval, 1);
        var (early, late) = (new TaskCompletionSource<CallerAnswer<CallerName>>(), new TaskCompletionSource<CallerAnswer<CallerName>>());
        var failingLate = Enqueue(queue, 1, late.Task);
        var failingEarly = Enqueue(queue, 2, early.Task);
        _time.Advance(Interval);
        await _time.WaitForTimersAsync(Interval, 2);
        _time.Advance(Interval);
        await WaitUntilSentAsync(3);
        early.SetResult(new() { Failure = "TimedOut" });
        await ShouldBeUnavailableAsync(failingEarly);
        _time.Advance(TimeSpan.FromSeconds(2.4));

        late.SetResult(new() { Failure = "TimedOut" });
        await ShouldBeUnavailableAsync(failingLate);

        (await Enqueue(queue, 3).WaitAsync(TimeSpan.FromSeconds(10))).Should().BeNull();
    }

    [Fact]
    public async Task TryEnqueue_FailuresContinue_PauseDoublesUntilASuccess()
    {
        var queue = new CallerRequestQueue<CallerName>(1, CallerRequestKind.Name, static () => int.MaxValue, _time, NullLogger.Instance);
        var failure = Task.FromResult(new CallerAnswer<CallerName> { Failure = "Unreachable" });
        await ShouldBeUnavailableAsync(Enqueue(queue, 0, failure));
        _time.Advance(TimeSpan.FromSeconds(2.4));
        await ShouldBeUnavailableAsync(Enqueue(queue, 1, failure));

        _time.Advance(TimeSpan.FromSeconds(3.19));
        FluentActions.Invoking(() => { _ = Enqueue(queue, 2); }).Should().Throw<CallerNameUnavailableException>("the second pause is at least 3.2 s");
        _time.Advance(TimeSpan.FromSeconds(4.8 - 3.19));
        await Enqueue(queue, 3).WaitAsync(TimeSpan.FromSeconds(10));

        await ShouldBeUnavailableAsync(Enqueue(queue, 4, failure));
        _time.Advance(TimeSpan.FromSeconds(2.4));
        (await Enqueue(queue, 5).WaitAsync(TimeSpan.FromSeconds(10))).Should().BeNull("the success has reset the backoff");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TryEnqueue_QueueFull_ReturnsNull(bool isRinging)
    {
        var queue = CreateQueues(perSecond: 1).GetOrCreate(1);
        var never = new TaskCompletionSource<CallerAnswer<CallerName>>().Task;
        // One more than the capacity: the first request may have been sent already.
        var results = Enumerable.Range(0, CallerRequestQueue<CallerName>.Capacity + 2).Select(number => TryEnqueue(queue, number, never, Query(isRinging))).ToArray();

        results.Take(CallerRequestQueue<CallerName>.Capacity).Should().NotContainNulls();
        results[^1].Should().BeNull();
        TryEnqueue(queue, 0, never, Query(!isRinging)).Should().NotBeNull("ringing and other calls have a capacity each");
    }

    [Fact]
    public async Task TryEnqueue_QueryIsCancelled_LeavesTheQueue()
    {
        var queue = CreateQueues(perSecond: 1).GetOrCreate(1);
        _ = Enqueue(queue, 0);
        await _time.WaitForTimersAsync(Interval, 1);
        using var cancellation = new CancellationTokenSource();
        var cancelled = Enqueue(queue, 1, cancellationToken: cancellation.Token);
        _ = Enqueue(queue, 2);

        await cancellation.CancelAsync();
        await FluentActions.Awaiting(() => cancelled.WaitAsync(TimeSpan.FromSeconds(10))).Should().ThrowAsync<OperationCanceledException>();
        _time.Advance(Interval);
        await WaitUntilSentAsync(2);

        _sent.Select(request => request.Number).Should().Equal(0, 2);
    }

    [Fact]
    public async Task TryEnqueue_RateCannotBeRead_OneLookupFailsAndQueueContinues()
    {
        var isBroken = true;
        var queue = new CallerRequestQueue<CallerName>(1, CallerRequestKind.Name, () => isBroken ? throw new InvalidOperationException("No rate is known.") : int.MaxValue, _time, NullLogger.Instance);
        FluentActions.Invoking(() => { _ = Enqueue(queue, 1); }).Should().Throw<InvalidOperationException>();
        isBroken = false;

        await Enqueue(queue, 2).WaitAsync(TimeSpan.FromSeconds(10));

        _sent.Select(request => request.Number).Should().Equal(2);
    }

    [Fact]
    public async Task Dispose_QueriesAreWaiting_AreRejected()
    {
        var queues = CreateQueues(perSecond: 1);
        var queue = queues.GetOrCreate(1);
        _ = Enqueue(queue, 0);
        await _time.WaitForTimersAsync(Interval, 1);
        var waiting = Enqueue(queue, 1);

        queues.Dispose();

        await ShouldBeUnavailableAsync(waiting);
        FluentActions.Invoking(() => { _ = Enqueue(queue, 2); }).Should().Throw<CallerNameUnavailableException>();
    }

    [Fact]
    public async Task TryEnqueue_InstanceWithOwnRate_UsesThatRate()
    {
        var queues = CreateQueues(perSecond: 1, new GreenApiInstanceOptions { IdInstance = 2, CallerNamesPerSecond = 10 });
        foreach (var number in Enumerable.Range(0, 10))
        {
            _ = Enqueue(queues.GetOrCreate(2), number);
        }

        await WaitUntilSentAsync(10);
        _ = Enqueue(queues.GetOrCreate(1), 10);
        _ = Enqueue(queues.GetOrCreate(1), 11);
        await _time.WaitForTimersAsync(Interval, 2);

        _sent.Should().HaveCount(11, "the second request of the other instance is not due yet");
    }

    private static CallerNameQuery Query(bool isRinging) => new() { IdInstance = 1, ChatId = ChatId.Parse("70000000101@c.us"), IsRinging = isRinging };

    private static async Task ShouldBeUnavailableAsync(Task task) =>
        await FluentActions.Awaiting(() => task.WaitAsync(TimeSpan.FromSeconds(10))).Should().ThrowAsync<CallerNameUnavailableException>();

    /// <summary>The queues as the host creates them.</summary>
    private CallerRequestQueues<CallerName> CreateQueues(int perSecond, params GreenApiInstanceOptions[] instances)
    {
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton<TimeProvider>(_time);
        services.AddIncomingCalls().AddGreenApi(options => (options.CallerNamesPerSecond, options.Instances) = (perSecond, instances));
        return services.BuildServiceProvider().GetRequiredService<CallerRequestQueues<CallerName>>();
    }

    private Task<CallerName?> Enqueue(
        CallerRequestQueue<CallerName> queue, int number, Task<CallerAnswer<CallerName>>? answer = null, CallerNameQuery? query = null, CancellationToken cancellationToken = default) =>
        TryEnqueue(queue, number, answer ?? Task.FromResult<CallerAnswer<CallerName>>(default), query ?? Query(isRinging: false), cancellationToken)
            ?? throw new InvalidOperationException("The queue is full.");

    private Task<CallerName?>? TryEnqueue(
        CallerRequestQueue<CallerName> queue, int number, Task<CallerAnswer<CallerName>> answer, CallerNameQuery query, CancellationToken cancellationToken = default) => queue.TryEnqueue(
        Instance,
        query,
        token =>
        {
            _sent.Enqueue((number, _time.GetElapsedTime(_start)));
            _signal.Notify();
            return answer.WaitAsync(token);
        },
        cancellationToken);

    private Task WaitUntilSentAsync(int count) => _signal.WaitUntilAsync(() => _sent.Count >= count);
}
