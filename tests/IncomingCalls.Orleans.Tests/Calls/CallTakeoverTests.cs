using IncomingCalls.Orleans.Tests.Hosting;
using IncomingCalls.Orleans.Tests.Redis;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Orleans.Tests.Calls;

/// <summary>A silo goes, and another finishes what it had begun, without anybody asking.</summary>
public class CallTakeoverTests(RedisServer redis) : IClassFixture<RedisServer>
{
    [RedisFact]
    public async Task Stop_HandlerNeverEnds_AnotherSiloHandlesTheCall()
    {
        var cluster = new TestCluster(redis);
        var begun = new TaskCompletionSource();
        var told = new EventRecorder
        {
            BeforeRecording = async (node, _, cancellationToken) =>
            {
                if (node == "first")
                {
                    begun.TrySetResult();
                    await new TaskCompletionSource().Task.WaitAsync(cancellationToken);
                }
            },
        };
        var first = await Node.StartAsync(services => cluster.AddSilo(services), told, name: "first");
        await first.DeliverAsync(Node.CreateNotification("declined"));
        await begun.Task;
        await using var second = await Node.StartAsync(services => cluster.AddSilo(services), told, name: "second");

        await first.AbortAsync();

        await Eventually.HoldsAsync(() => told.Events.Select(heard => heard.Node).Should().Equal("second"));
        (await second.DeliverAsync(Node.CreateNotification("declined"))).Outcome.Should().Be(IntakeOutcome.Duplicate);
    }

    [RedisFact]
    public async Task Stop_OutcomePending_AnotherSiloRaisesOutcomeUnknown()
    {
        var cluster = new TestCluster(redis);
        var told = new EventRecorder();
        var first = await Node.StartAsync(services => cluster.AddSilo(services), told, Soon, "first");
        await using var second = await Node.StartAsync(services => cluster.AddSilo(services), told, Soon, "second");
        await first.DeliverAsync(Node.CreateNotification("offer"));
        await Eventually.HoldsAsync(() => told.Lines.Should().Equal("Offered A"));

        await first.StopAsync();

        await Eventually.HoldsAsync(() => told.Events.Select(heard => $"{heard.Event.Kind} on {heard.Node}").Should().Contain("OutcomeUnknown on second"));
        static void Soon(IIncomingCallsBuilder calls) => calls.Services.Configure<IncomingCallsOptions>(options => options.OutcomeTimeout = TimeSpan.FromSeconds(3));
    }
}
