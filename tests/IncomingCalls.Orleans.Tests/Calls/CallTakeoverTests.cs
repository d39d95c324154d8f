using IncomingCalls.Orleans.Tests.Hosting;
using IncomingCalls.Orleans.Tests.Redis;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Orleans.Tests.Calls;

/// <summary>When a silo stops, another one completes its deliveries without an external trigger.</summary>
public class CallTakeoverTests(RedisServer redis) : IClassFixture<RedisServer>
{
    [RedisFact]
    public async Task Stop_HandlerNeverEnds_AnotherSiloHandlesTheCall()
    {
        var cluster = new TestCluster(redis);
        var begun = new TaskCompletionSource();
        var recorder = new EventRecorder
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
        var first = await Node.StartAsync(services => cluster.AddSilo(services), recorder, name: "first");
        await first.DeliverAsync(Node.CreateNotification("declined"));
        await begun.Task;
        await using var second = await Node.StartAsync(services => cluster.AddSilo(services), recorder, name: "second");

        await first.AbortAsync();

        await Eventually.HoldsAsync(() => recorder.Events.Select(received => received.Node).Should().Equal("second"));
        (await second.DeliverAsync(Node.CreateNotification("declined"))).Outcome.Should().Be(IntakeOutcome.Duplicate);
    }

    [RedisFact]
    public async Task Stop_OutcomePending_AnotherSiloRaisesOutcomeUnknown()
    {
        var cluster = new TestCluster(redis);
        var recorder = new EventRecorder();
        var first = await Node.StartAsync(services => cluster.AddSilo(services), recorder, Soon, "first");
        await using var second = await Node.StartAsync(services => cluster.AddSilo(services), recorder, Soon, "second");
        await first.DeliverAsync(Node.CreateNotification("offer"));
        await Eventually.HoldsAsync(() => recorder.Lines.Should().Equal("Offered A"));

        await first.StopAsync();

        await Eventually.HoldsAsync(() => recorder.Events.Select(received => $"{received.Event.Kind} on {received.Node}").Should().Contain("OutcomeUnknown on second"));
        static void Soon(IIncomingCallsBuilder calls) => calls.Services.Configure<IncomingCallsOptions>(options => options.OutcomeTimeout = TimeSpan.FromSeconds(3));
    }
}
