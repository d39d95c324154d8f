using System.Collections.Concurrent;
using IncomingCalls.Inbox;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Tests.Inbox.Dispatch;

/// <summary>
/// The engine with a store that applies random batches and rolls some of them back, with handlers that fail, and with names that arrive at random
/// times: every delivery succeeds exactly once and in order.
/// </summary>
public class RandomizedEngineTests
{
    private const int Calls = 40;
    private static readonly string[] Statuses = ["offer", "declined", "hungUp", "pickUp", "transferred"];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 20)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Run_RandomBatchesAndFaults_EachDeliverySucceedsOnceAndInOrder(int seed)
    {
        var random = new Random(seed);
        var names = new ControlledNames();
        var attempts = new AttemptLog(seed);
        await using var host = await TestHost.StartAsync(
            builder =>
            {
                builder.Services.AddSingleton(names).AddSingleton(attempts);
                builder.AddCallerNames<ControlledNames>()
                    .AddHandler<FlakyHandler>(options => (options.Name, options.RetryDelays) = ("plain", AttemptLog.RetryDelays))
                    .AddHandler<FlakyNamedHandler>(options => (options.Name, options.RetryDelays, options.WaitForCallerName) = ("named", AttemptLog.RetryDelays, true));
            },
            options => (options.MaxConcurrentAttemptsPerInstance, options.OutcomeTimeout) = (random.Next(1, 4), TimeSpan.FromSeconds(20)));
        var store = new BatchingCallStore(host.Clock);
        var runner = host.Services.GetRequiredService<AttemptRunner>();
        using var loop = new DueWorkLoop(store, host.Services.GetRequiredService<CallTransitions>(), runner, host.Clock);
        store.Committed = loop.OnCommitted;
        loop.Start(TimeSpan.FromMilliseconds(100));
        var gateway = new RandomGateway(loop, host.Clock, random);

        for (var step = 0; step < 600; step++)
        {
            Action act = random.Next(6) switch
            {
                0 => gateway.Send,
                1 => () => host.Clock.Advance(TimeSpan.FromMilliseconds(random.Next(1, 500))),
                2 => () => names.TryAnswer(EngineHost.GetCaller(random.Next(Calls / 2)), "Ivan"),
                _ => () => store.RunBatch(random.Next(1, 8), rollsBack: random.Next(10) == 0),
            };
            act();
            await Task.Yield();
        }

        // Everything else without faults, in a bounded time.
        for (var step = 0; step < 3_000 && !(gateway.IsEmpty && store.IsFinished && !store.HasRequests); step++)
        {
            gateway.Send();
            while (store.HasRequests)
            {
                store.RunBatch(size: 100, rollsBack: false);
                await runner.WaitUntilIdleAsync().WaitAsync(TimeSpan.FromSeconds(10));
            }

            host.Clock.Advance(TimeSpan.FromMilliseconds(500));
        }

        store.IsFinished.Should().BeTrue();
        attempts.Violations.Should().BeEmpty();
        attempts.Successes.Should().BeEquivalentTo(store.Events.SelectMany(pending => pending.Deliveries.Select(delivery => $"{delivery.HandlerName} {pending.Event.Id}")));
        foreach (var lane in attempts.Successes.GroupBy(success => string.Join('/', success.Split('/')[..2])))
        {
            var (handler, call) = (lane.Key.Split(' ')[0], lane.Key.Split(' ')[1]);
            lane.Should().Equal(store.Events.Where(pending => pending.Event.Call.ToString() == call).Select(pending => $"{handler} {pending.Event.Id}"));
        }

        await host.WaitForStopAsync(loop.StopAsync(CancellationToken.None));
    }

    /// <summary>Sends the notifications of random calls, those of one call in order, and again those that were refused.</summary>
    private sealed class RandomGateway(DueWorkLoop loop, TimeProvider time, Random random)
    {
        private readonly List<Queue<string>> _calls =
            [.. Enumerable.Range(0, Calls).Select(_ => new Queue<string>(Statuses.OrderBy(_ => random.Next()).Take(random.Next(1, 4))))];
        private readonly Dictionary<int, Task<IntakeResult>> _sent = [];

        public bool IsEmpty => _sent.Count == 0 && _calls.TrueForAll(static call => call.Count == 0);

        public void Send()
        {
            foreach (var (index, sending) in _sent.Where(static sent => sent.Value.IsCompleted).ToArray())
            {
                _sent.Remove(index);
                if (sending.IsCompletedSuccessfully)
                {
                    _calls[index].Dequeue();
                }
            }

            var call = random.Next(Calls);
            if (!_sent.ContainsKey(call) && _calls[call].TryPeek(out var status))
            {
                var now = time.GetUtcNow();
                var notification = TestNotifications.CreateCall(status, $"{call}", EngineHost.GetCaller(call / 2), (TestHost.Now - now).TotalSeconds);
                _sent[call] = loop.AcceptAsync(new() { Notification = notification, Decision = CallDecision.Handle(), ReceivedAt = now }, CancellationToken.None);
            }
        }
    }

    /// <summary>Records the attempts of both handlers, and lets a random part of them fail.</summary>
    private sealed class AttemptLog(int seed)
    {
        private readonly Lock _gate = new();
        private readonly HashSet<string> _running = [];
        private readonly List<string> _successes = [];
        private readonly ConcurrentQueue<string> _violations = new();

        public static IReadOnlyList<TimeSpan> RetryDelays { get; } = [.. Enumerable.Repeat(TimeSpan.FromSeconds(1), 5)];

        public IReadOnlyCollection<string> Violations => _violations;

        public IReadOnlyList<string> Successes
        {
            get
            {
                lock (_gate)
                {
                    return [.. _successes];
                }
            }
        }

        public async ValueTask RunAsync(string handler, CallEvent callEvent)
        {
            var lane = $"{handler} {callEvent.Call.Key}";
            Enter(lane, $"{handler} {callEvent.Id}");
            await Task.Yield();
            // Up to four attempts fail, in an order that depends on the seed alone.
            var fails = callEvent.Attempt <= 4 && new Random(HashOf(seed, handler, callEvent)).Next(3) == 0;
            Exit(lane, fails ? null : $"{handler} {callEvent.Id}");
            if (fails)
            {
                throw new InvalidOperationException("flaky");
            }
        }

        private static int HashOf(int seed, string handler, CallEvent callEvent) =>
            callEvent.Id.Aggregate((seed * 31) + handler.Length + (callEvent.Attempt * 7919), static (hash, letter) => unchecked((hash * 31) + letter));

        private void Enter(string lane, string delivery)
        {
            lock (_gate)
            {
                if (!_running.Add(lane))
                {
                    _violations.Enqueue($"{lane} runs twice at a time");
                }

                if (_successes.Contains(delivery))
                {
                    _violations.Enqueue($"{delivery} runs again after its success");
                }
            }
        }

        private void Exit(string lane, string? succeeded)
        {
            lock (_gate)
            {
                _running.Remove(lane);
                if (succeeded is not null)
                {
                    _successes.Add(succeeded);
                }
            }
        }
    }

    private sealed class FlakyHandler(AttemptLog attempts) : ICallEventHandler
    {
        public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken) => attempts.RunAsync("plain", callEvent);
    }

    private sealed class FlakyNamedHandler(AttemptLog attempts) : ICallEventHandler
    {
        public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken) => attempts.RunAsync("named", callEvent);
    }
}
