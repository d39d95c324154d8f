using IncomingCalls.Orleans.Tests.Hosting;
using IncomingCalls.Orleans.Tests.Redis;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Orleans.Tests.Destinations;

/// <summary>Pauses hold for all silos, and an operator ends them on any node.</summary>
public class ClusterPauseTests(RedisServer redis) : IClassFixture<RedisServer>
{
    [RedisFact]
    public async Task EndPauses_OnAClient_WakesTheCallsOfAllSilos()
    {
        const int Calls = 24;
        var cluster = new TestCluster(redis);
        var recorder = new EventRecorder { BeforeRecording = static (_, _, _) => throw new DestinationUnavailableException("portal", TimeSpan.FromHours(1)) };
        await using var first = await Node.StartAsync(services => cluster.AddSilo(services), recorder: null, AddHandler);
        await using var second = await Node.StartAsync(services => cluster.AddSilo(services), recorder: null, AddHandler, name: "B");
        await using var client = await Node.StartAsync(cluster.AddClient, recorder: null);

        await first.DeliverAsync(Node.CreateNotification("declined"));
        await Eventually.HoldsAsync(async () => (await client.Inbox.ListPausesAsync()).Should().ContainSingle().Which.Should().BeEquivalentTo(new { Handler = "told", Destination = "portal" }));
        recorder.BeforeRecording = static (_, _, _) => Task.CompletedTask;
        await Task.WhenAll(Enumerable.Range(1, Calls - 1).Select(call => (call % 2 == 0 ? first : second).DeliverAsync(Node.CreateNotification("declined", $"{call}"))));
        recorder.Lines.Should().BeEmpty();

        (await client.Inbox.EndPausesAsync("told", performedBy: "operator")).Should().Be(1);

        await Eventually.HoldsAsync(() => recorder.Lines.Should().HaveCount(Calls).And.OnlyHaveUniqueItems());
        (await client.Inbox.ListPausesAsync()).Should().BeEmpty();
        (await client.Inbox.EndPausesAsync()).Should().Be(0);
        (await client.Inbox.ListAdministrationLogAsync()).Should().ContainSingle().Which.Should().BeEquivalentTo(
            new { Action = AdministrationAction.EndPauses, Filter = new { Handler = "told" }, Count = 1, PerformedBy = "operator" });

        void AddHandler(IIncomingCallsBuilder calls)
        {
            calls.Services.AddSingleton(recorder);
            calls.AddHandler<RecordingHandler>(static options => (options.Name, options.Destination) = ("told", static _ => "portal"));
        }
    }
}
