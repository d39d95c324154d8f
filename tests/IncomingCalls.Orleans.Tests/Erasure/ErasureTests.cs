using IncomingCalls.Orleans.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Orleans.Tests.Erasure;

/// <summary>Erasure in a cluster: calls that only the grain of the person lists, and what remains in the storage.</summary>
public class ErasureTests
{
    private const string Number = "70000000101";

    private readonly TestStorage _storage = new();
    private readonly EventRecorder _recorder = new();

    [Fact]
    public async Task EraseCaller_CallsOfEachOutcomeAfterARestart_AreFoundInNoDocument()
    {
        await using (var node = await StartAsync(UnknownSoon))
        {
            string[] statuses = ["missed", "pickUp", "hungUp", "declined", "busy"];
            for (var call = 0; call < 2 * statuses.Length; call++)
            {
                await node.DeliverAsync(Node.CreateNotification(statuses[call % statuses.Length], $"{call}") with { Timestamp = DateTimeOffset.UtcNow - TimeSpan.FromMinutes(1) });
            }

            await node.DeliverAsync(Node.CreateNotification("offer", "ringing"));
            await node.DeliverAsync(Node.CreateNotification("offer", "unknown"));
            await node.DeliverAsync(Node.CreateNotification("missed", "other") with { From = ChatId.Parse("70000000102@c.us") });
            await Eventually.HoldsAsync(() => _recorder.Events.Count(static recorded => recorded.Event.Kind == CallEventKind.OutcomeUnknown).Should().Be(2));
            await node.DeliverAsync(Node.CreateNotification("offer", "late"));
        }

        await using var next = await StartAsync(UnknownSoon);
        var report = await next.Inbox.EraseCallerAsync(account: null, ChatId.Parse($"{Number}@c.us"));

        report.IsComplete.Should().BeTrue();
        report.Counts.Calls.Should().BeGreaterThanOrEqualTo(13);
        _storage.FindGrains(Number).Should().BeEmpty();
        _storage.FindGrains("70000000102").Should().NotBeEmpty();
    }

    [Fact]
    public async Task EraseCaller_WithoutOutcomeTimeout_FindsCallsWithoutAnOutcome()
    {
        await using var node = await StartAsync(static calls => calls.Services.Configure<IncomingCallsOptions>(static options => options.OutcomeTimeout = TimeSpan.Zero));
        await node.DeliverAsync(Node.CreateNotification("offer"));
        await Eventually.HoldsAsync(() => _recorder.Events.Should().ContainSingle());

        var report = await node.Inbox.EraseCallerAsync(account: null, ChatId.Parse($"{Number}@c.us"));

        report.Counts.Should().BeEquivalentTo(new { Calls = 1, Persons = 1 });
        _storage.FindGrains(Number).Should().BeEmpty();
    }

    [Fact]
    public async Task RepeatErasure_OfAPerson_SaysWhatToDo()
    {
        await using var node = await StartAsync();
        var report = await node.Inbox.EraseCallerAsync(account: null, ChatId.Parse($"{Number}@c.us"));

        var repeating = async () => await node.Inbox.RepeatErasureAsync(report);

        (await repeating.Should().ThrowAsync<NotSupportedException>()).WithMessage("*Call EraseCallerAsync again.");
    }

    [Fact]
    public async Task Accept_ErasuresCannotBeRead_IsNotAcknowledged()
    {
        _storage.BeforeRead = static grain =>
        {
            if (TestStorage.IsOfType(grain, "erasures"))
            {
                throw new IOException("no");
            }
        };
        await using var node = await StartAsync();
        var accepting = async () => await node.Intake.AcceptAsync(Node.CreateNotification("missed"));

        await accepting.Should().ThrowAsync<CallInboxUnavailableException>();

        _storage.BeforeRead = static _ => { };
        (await node.DeliverAsync(Node.CreateNotification("missed"))).Outcome.Should().Be(IntakeOutcome.Stored);
    }

    /// <summary>With the real clock: a cluster takes a silo whose clock is ahead of its last sign of life for dead, and ends the process.</summary>
    private static void UnknownSoon(IIncomingCallsBuilder calls) => calls.Services.Configure<IncomingCallsOptions>(static options => options.OutcomeTimeout = TimeSpan.FromSeconds(2));

    private Task<Node> StartAsync(Action<IIncomingCallsBuilder>? configure = null) => Node.StartAsync(
        services => SingleSiloCluster.Add(services, _storage),
        _recorder,
        configure);
}
