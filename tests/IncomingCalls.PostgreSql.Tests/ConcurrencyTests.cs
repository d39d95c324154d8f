using System.Collections.Concurrent;
using IncomingCalls.PostgreSql.Tests.Hosting;
using IncomingCalls.Processes;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.PostgreSql.Tests;

/// <summary>What hangs leaves connections to the others.</summary>
[Collection(PostgresCollectionDefinition.Name)]
public class ConcurrencyTests(PostgresFixture postgres)
{
    private readonly string _schema = postgres.NextSchema();

    /// <summary>There are six connections for alerts.</summary>
    [PostgresFact]
    public async Task Alerts_AnotherNotifierHangs_AreRaised()
    {
        const int Calls = 8;
        var raised = new ConcurrentDictionary<string, bool>();
        var release = new TaskCompletionSource();
        await using var node = await TestNode.StartAsync(postgres, _schema, handlers: calls =>
        {
            calls.Services.AddSingleton(raised).AddSingleton(release);
            calls.AddOperatorNotifier<HangingNotifier>("hanging").AddOperatorNotifier<Notifier>("working");
        });
        try
        {
            await Task.WhenAll(Enumerable.Range(0, Calls).Select(i => node.Intake.AcceptAsync(TestNode.CreateCall("offer", $"call-{i}")).AsTask()));

            await Eventually.HoldsAsync(() => raised.Should().HaveCount(Calls));
        }
        finally
        {
            release.SetResult();
        }
    }

    [PostgresFact]
    public async Task Attempts_FewerPerInstanceThanFour_AreThoseThatAreClaimed()
    {
        var release = new TaskCompletionSource();
        await using var node = await TestNode.StartAsync(postgres, _schema, handlers: static calls =>
        {
            calls.Services.Configure<IncomingCallsOptions>(static options => options.MaxConcurrentAttemptsPerInstance = 2);
            calls.AddHandler<RecordingHandler>("crm");
        });
        node.Recorder.BeforeRecording = (_, _) => release.Task;
        try
        {
            await Task.WhenAll(Enumerable.Range(0, 4).Select(i => node.Intake.AcceptAsync(TestNode.CreateCall("declined", $"call-{i}")).AsTask()));
            await Eventually.HoldsAsync(async () => (await CountStartsAsync()).Should().BeGreaterThanOrEqualTo(2));

            await node.Intake.AcceptAsync(TestNode.CreateCall("declined", "last") with { Instance = new() { IdInstance = 1101000002 } });

            await Eventually.HoldsAsync(async () => (await TestNode.QueryNumberAsync(
                postgres, $"SELECT COUNT(*) FROM {_schema}.starts s JOIN {_schema}.deliveries d ON d.id = s.delivery_id WHERE d.id_instance = 1101000002")).Should().Be(1));
            (await CountStartsAsync()).Should().Be(3);
        }
        finally
        {
            release.SetResult();
        }
    }

    [PostgresFact]
    public async Task Attempts_TwoDestinationsHang_ThoseOfAnotherAreHandled()
    {
        var release = new TaskCompletionSource();
        await using var node = await TestNode.StartAsync(postgres, _schema, handlers: static calls =>
        {
            calls.AddHandler<RecordingHandler>(static options =>
            {
                options.Name = "crm";
                options.Destination = static callEvent => $"portal-{callEvent.Call.Key.IdInstance}";
            });
            calls.AddOperatorNotifier<Notifier>("alerts").Services.AddSingleton(new ConcurrentDictionary<string, bool>());
        });
        node.Recorder.BeforeRecording = (callEvent, _) => callEvent.Call.Key.IdInstance == 3 ? Task.CompletedTask : release.Task;
        try
        {
            await Task.WhenAll(Enumerable.Range(0, 40).Select(i => node.Intake.AcceptAsync(TestNode.CreateCall("declined", $"call-{i}") with { Instance = new() { IdInstance = 1 + (i % 2) } }).AsTask()));
            await Eventually.HoldsAsync(async () => (await CountStartsAsync()).Should().Be(5, "one is left to a destination that has none"));

            await Task.WhenAll(Enumerable.Range(0, 10).Select(i => node.Intake.AcceptAsync(TestNode.CreateCall("declined", $"other-{i}") with { Instance = new() { IdInstance = 3 } }).AsTask()));

            await Eventually.HoldsAsync(() => node.Recorder.Events.Should().HaveCount(10));
        }
        finally
        {
            release.SetResult();
        }
    }

    private Task<long> CountStartsAsync() => TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM {_schema}.starts");

    private sealed class HangingNotifier(TaskCompletionSource release) : IOperatorNotifier
    {
        public ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken) => new(release.Task);
    }

    private sealed class Notifier(ConcurrentDictionary<string, bool> raised) : IOperatorNotifier
    {
        public ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken)
        {
            raised.TryAdd(alert.Call.Key.IdMessage, true);
            return ValueTask.CompletedTask;
        }
    }
}
