using System.Diagnostics.Metrics;
using IncomingCalls.PostgreSql.Tests.Hosting;
using IncomingCalls.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.PostgreSql.Tests;

/// <summary>What the result of a probe says about an unavailable destination.</summary>
[Collection(PostgresCollectionDefinition.Name)]
public class ProbeTests(PostgresFixture postgres)
{
    private const string Destination = "portal-7";

    private readonly string _schema = postgres.NextSchema();

    [PostgresFact]
    public async Task Probe_TimesOut_IsFollowedByALaterProbe()
    {
        await using var node = await StartAsync(TimeSpan.FromSeconds(1));
        node.Recorder.BeforeRecording = static (_, cancellationToken) => Task.Delay(Timeout.Infinite, cancellationToken);
        await PauseAsync();

        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));

        await Eventually.HoldsAsync(async () => (await CountPausesAsync("is_unavailable AND failures = 2 AND until > now()")).Should().Be(1));
    }

    /// <summary>The destination has answered.</summary>
    [PostgresFact]
    public async Task Probe_Fails_EndsThePause()
    {
        await using var node = await StartAsync();
        node.Recorder.BeforeRecording = static (_, _) => throw new InvalidOperationException("This handler fails on purpose.");
        await PauseAsync();

        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));

        await Eventually.HoldsAsync(async () => (await CountPausesAsync("true")).Should().Be(0));
    }

    [PostgresFact]
    public async Task Probe_Interrupted_DoesNotEndThePause()
    {
        await using (var first = await StartAsync())
        {
            first.Recorder.BeforeRecording = static (_, _) => throw new DestinationUnavailableException(Destination, TimeSpan.FromHours(1));
            await first.Intake.AcceptAsync(TestNode.CreateCall("declined"));
            await Eventually.HoldsAsync(async () => (await CountPausesAsync("true")).Should().Be(1));
        }

        var pauses = new TaskCompletionSource<long>();
        await using var next = await StartAsync();
        next.Recorder.BeforeRecording = async (_, _) => pauses.TrySetResult(await CountPausesAsync("is_unavailable AND failures = 1"));

        // What a process leaves that ends during the probe.
        await TestNode.ExecuteAsync(postgres, $"INSERT INTO {_schema}.starts SELECT id, 0, now() FROM {_schema}.deliveries; UPDATE {_schema}.pauses SET until = now() - interval '1 second'");

        (await pauses.Task.WaitAsync(TimeSpan.FromMinutes(1))).Should().Be(1);
        await Eventually.HoldsAsync(() => next.Recorder.Events.Should().ContainSingle().Which.Attempt.Should().Be(2));
        await Eventually.HoldsAsync(async () => (await CountPausesAsync("true")).Should().Be(0, "the probe has succeeded"));
    }

    /// <summary>As in the other inboxes. An attempt that found the destination unavailable does not count.</summary>
    [PostgresFact]
    public async Task DeadLetter_DestinationOutlastsMaxPause_CountsAsGivenUp()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var node = await StartAsync(time: time);
        using var givenUp = new MetricCollector<long>(node.Services.GetRequiredService<IMeterFactory>(), "IncomingCalls", "incoming_calls.given_up");
        node.Recorder.BeforeRecording = static (_, _) => throw new DestinationUnavailableException(Destination, TimeSpan.FromHours(1));
        await node.Intake.AcceptAsync(TestNode.CreateCall("declined"));
        await Eventually.HoldsAsync(async () => (await CountPausesAsync("true")).Should().Be(1));
        await TestNode.ExecuteAsync(
            postgres, $"UPDATE {_schema}.pauses SET since = now() - interval '100 days'; UPDATE {_schema}.deliveries SET due_at = now() - interval '1 second', received_at = now() - interval '100 days'");

        await Eventually.HoldsAsync(async () =>
        {
            time.Advance(TimeSpan.FromMinutes(1));
            (await node.Administration.ListDeadLettersAsync()).Should().ContainSingle().Which.Attempts.Should().Be(0);
        });

        await Eventually.HoldsAsync(() => givenUp.GetMeasurementSnapshot().Should().ContainSingle().Which.Value.Should().Be(1));
    }

    private Task<TestNode> StartAsync(TimeSpan? timeout = null, TimeProvider? time = null) => TestNode.StartAsync(postgres, _schema, handlers: calls =>
    {
        calls.Services.AddSingleton(time ?? TimeProvider.System);
        calls.AddHandler<RecordingHandler>(options =>
        {
            options.Name = "crm";
            options.Destination = static _ => Destination;
            options.Timeout = timeout;
        });
    });

    /// <summary>Pauses the destination, whose probe is due.</summary>
    private Task<int> PauseAsync() => TestNode.ExecuteAsync(
        postgres, $"INSERT INTO {_schema}.pauses VALUES ('crm', '{Destination}', now() - interval '1 minute', now() - interval '1 second', true, 1, 'The token was revoked.')");

    private Task<long> CountPausesAsync(string condition) => TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM {_schema}.pauses WHERE {condition}");
}
