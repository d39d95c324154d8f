using System.Text.Json;
using IncomingCalls.Inboxes;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Tests.Inboxes.Kept;

public class KeptCallTests
{
    [Fact]
    public async Task Json_CallWithEverything_ReadsBackAsItWas()
    {
        await using var host = await StartAsync();
        var services = host.Services.GetRequiredService<InboxServices>();
        var offer = services.Take(null, Received("offer")).Call;
        var failed = services.Settle(offer, Report(offer, HandlerVerdict.Failed));
        var call = services.Take(failed.Call, Received("transferred")).Call;
        var options = IncomingCallsJson.DefaultOptions;

        var json = JsonSerializer.Serialize(call, options);
        var read = JsonSerializer.Deserialize<KeptCall>(json, options)!;

        JsonSerializer.Serialize(read, options).Should().Be(json);
        read.Should().BeEquivalentTo(call, compare => compare.RespectingRuntimeTypes());
        read.Owed[0].Event.Decision.Should().Be(CallDecision.Handle(CallLabel.IncomingCall, alertOperator: true));
        read.Owed[0].Handlers[0].Attempts.Should().Be(1);
        read.OutcomeDueAt.Should().Be(TestHost.Now.AddMinutes(15));
    }

    [Fact]
    public async Task DueRuns_EarlierEventIsWaiting_LaterOneOfTheSameHandlerIsNotDue()
    {
        await using var host = await StartAsync();
        var services = host.Services.GetRequiredService<InboxServices>();
        var offer = services.Take(null, Received("offer")).Call;
        var waiting = services.Settle(offer, Report(offer, HandlerVerdict.Failed)).Call;

        var both = services.Take(waiting, Received("pickUp")).Call;

        both.DueRuns(TestHost.Now).Should().BeEmpty();
        both.DueAt.Should().BeAfter(TestHost.Now, "the outcome is known, and the first event waits for its second attempt");
        both.DueRuns(TestHost.Now.AddMinutes(1)).Should().ContainSingle().Which.Owed.Event.Kind.Should().Be(CallEventKind.Offered);
        both.OwedCount.Should().Be(2);
        both.WaitingSince.Should().Be(TestHost.Now);
    }

    [Fact]
    public async Task Settle_EachVerdict_LeavesWhatItShould()
    {
        await using var host = await StartAsync();
        var services = host.Services.GetRequiredService<InboxServices>();
        var call = services.Take(null, Received("declined")).Call;

        var succeeded = services.Settle(call, Report(call, HandlerVerdict.Succeeded));
        var failed = services.Settle(call, Report(call, HandlerVerdict.Failed));
        var rejected = services.Settle(call, Report(call, HandlerVerdict.Rejected));

        succeeded.Call.DueAt.Should().BeNull();
        succeeded.DeadLetter.Should().BeNull();
        failed.Call.DueAt.Should().BeCloseTo(TestHost.Now.AddSeconds(2), TimeSpan.FromSeconds(0.4));
        rejected.Call.DueAt.Should().BeNull();
        rejected.DeadLetter.Should().BeEquivalentTo(new { Handler = "handler", Attempts = 1, Error = "Why." });
    }

    [Fact]
    public async Task Replay_LetterOfAnEarlierEvent_TakesItsOldPlaceOnce()
    {
        await using var host = await StartAsync();
        var services = host.Services.GetRequiredService<InboxServices>();
        var offer = services.Take(null, Received("offer")).Call;
        var rejected = services.Settle(offer, Report(offer, HandlerVerdict.Rejected));
        host.Clock.Advance(TimeSpan.FromSeconds(9));
        var answered = services.Take(rejected.Call, Received("pickUp", host.Clock.GetUtcNow())).Call;

        var replayed = services.Replay(answered, rejected.DeadLetter!);
        var twice = services.Replay(replayed.Call, rejected.DeadLetter!);

        replayed.Call.Owed.Select(owed => owed.Event.Kind).Should().Equal(CallEventKind.Offered, CallEventKind.Answered);
        twice.IsChange.Should().BeFalse();
        twice.Call.Should().BeSameAs(replayed.Call);
    }

    [Fact]
    public async Task Replay_CallIsForgotten_IsRecalledFromTheEvent()
    {
        await using var host = await StartAsync();
        var services = host.Services.GetRequiredService<InboxServices>();
        var call = services.Take(null, Received("declined")).Call;
        var letter = services.Settle(call, Report(call, HandlerVerdict.Rejected)).DeadLetter!;

        var recalled = services.Replay(null, letter).Call;

        recalled.Owed.Should().ContainSingle();
        services.Take(recalled, Received("declined")).Outcome.Should().Be(IntakeOutcome.Repeat);
    }

    private static HandlerReport Report(KeptCall call, HandlerVerdict verdict) =>
        new() { Run = call.DueRuns(TestHost.Now).First(), Verdict = verdict, Error = "Why." };

    private static ReceivedCallNotification Received(string status, DateTimeOffset? at = null) => new()
    {
        Notification = Wire.Call(status),
        Decision = CallPolicies.AllStatuses.Decide(new() { Kind = CallFact.KindOf(Wire.Call(status).Status), IdInstance = 1101000001, Notification = Wire.Call(status) }),
        ReceivedAt = at ?? TestHost.Now,
        TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    };

    private static Task<TestHost> StartAsync() => TestHost.StartAsync(builder => builder.AddHandler<JournalHandler>("handler"));
}
