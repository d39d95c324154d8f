using IncomingCalls.PostgreSql.Tests.Hosting;
using IncomingCalls.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls.PostgreSql.Tests;

/// <summary>The drain of a node that stops.</summary>
[Collection(PostgresCollectionDefinition.Name)]
public sealed class DrainTests(PostgresFixture postgres) : IDisposable
{
    private readonly string _schema = postgres.NextSchema();
    private readonly LimitSource _limit = new();
    private readonly TaskCompletionSource _connect = new();

    public void Dispose() => _limit.Dispose();

    /// <summary>One attempt runs, one waits for its slot, and one for a connection.</summary>
    [PostgresFact]
    public async Task Stop_AttemptsWaitForASlotAndForAConnection_DoNotStart()
    {
        await using var node = await StartAsync();
        var release = new TaskCompletionSource();
        node.Recorder.BeforeRecording = (_, _) => release.Task;
        // The node still claims four deliveries of an instance at once, but runs one.
        _limit.Lower();
        await node.Intake.AcceptAsync(TestNode.CreateCall("declined", "runs"));
        await ShouldHaveStartsAsync(1);
        await node.Intake.AcceptAsync(TestNode.CreateCall("declined", "waits for a slot"));
        await ShouldHaveStartsAsync(2);
        await node.Intake.AcceptAsync(TestNode.CreateCall("declined", "waits for a connection"));

        var stopping = node.StopAsync();
        // The drain has begun: the attempt that waits for its slot is given up.
        await ShouldHaveStartsAsync(1);
        _connect.SetResult();
        release.SetResult();
        await stopping;

        node.Recorder.Events.Should().ContainSingle().Which.Call.Key.IdMessage.Should().Be("runs");
        (await TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM {_schema}.deliveries WHERE attempts = 0")).Should().Be(2);
        await ShouldHaveStartsAsync(0);
    }

    private Task<TestNode> StartAsync()
    {
        var connections = 0;
        return TestNode.StartAsync(
            postgres,
            _schema,
            options => options.ConfigureDataSource = source =>
            {
                if (source.ConnectionStringBuilder.ApplicationName == "IncomingCalls claims")
                {
                    source.UsePhysicalConnectionInitializer(static _ => { }, _ => Interlocked.Increment(ref connections) == 3 ? _connect.Task : Task.CompletedTask);
                }
            },
            calls =>
            {
                // The test ends the attempt that runs, and not the end of this time.
                calls.Services.Configure<HostOptions>(static options => options.ShutdownTimeout = TimeSpan.FromMinutes(10));
                calls.Services.AddSingleton<IOptionsChangeTokenSource<IncomingCallsOptions>>(_limit);
                calls.Services.Configure<IncomingCallsOptions>(options => options.MaxConcurrentAttemptsPerInstance = _limit.Value);
                calls.AddHandler<RecordingHandler>("crm");
            });
    }

    private Task ShouldHaveStartsAsync(int count) =>
        Eventually.HoldsAsync(async () => (await TestNode.QueryNumberAsync(postgres, $"SELECT COUNT(*) FROM {_schema}.starts")).Should().Be(count));

    /// <summary>The number of concurrent attempts of an instance, which is lowered while the node runs.</summary>
    private sealed class LimitSource : IOptionsChangeTokenSource<IncomingCallsOptions>, IDisposable
    {
        private CancellationTokenSource _changed = new();

        public int Value { get; private set; } = 4;

        public string Name => Microsoft.Extensions.Options.Options.DefaultName;

        public IChangeToken GetChangeToken() => new CancellationChangeToken(_changed.Token);

        public void Lower()
        {
            Value = 1;
            var changed = Interlocked.Exchange(ref _changed, new());
            changed.Cancel();
            changed.Dispose();
        }

        public void Dispose() => _changed.Dispose();
    }
}
