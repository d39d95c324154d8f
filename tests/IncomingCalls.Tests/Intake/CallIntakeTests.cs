using System.Text;
using IncomingCalls.Tests.Hosting;
using IncomingCalls.Tests.Notifications;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Tests.Intake;

public class CallIntakeTests
{
    [Theory]
    [InlineData("offered/e01-documented-offer", IntakeOutcome.Stored, true)]
    [InlineData("polled/e19-offer", IntakeOutcome.Stored, true)]
    [InlineData("foreign/e22-outgoing-private", IntakeOutcome.Foreign, true)]
    [InlineData("foreign/e28-type-of-tomorrow", IntakeOutcome.Foreign, true)]
    [InlineData("answers/e30-webhook-url-set", IntakeOutcome.Quarantined, false)]
    [InlineData("answers/e21-empty-queue", IntakeOutcome.Quarantined, false)]
    public async Task AcceptAsync_Bytes_TellsWhatBecameOfThem(string payload, IntakeOutcome outcome, bool acknowledge)
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<JournalHandler>());

        var result = await host.Intake.AcceptAsync(Payload.Read(payload));

        result.Outcome.Should().Be(outcome);
        result.ShouldAcknowledge.Should().Be(acknowledge);
    }

    [Fact]
    public async Task AcceptAsync_CallThatCannotBeUnderstood_IsQuarantinedAcknowledgedAndLoggedWithoutItsContent()
    {
        await using var host = await TestHost.StartAsync(_ => { });

        var result = await host.Intake.AcceptAsync("""{"typeWebhook":"incomingCall","from":"70000000101@c.us"}"""u8.ToArray());

        result.Should().BeEquivalentTo(new { Outcome = IntakeOutcome.Quarantined, ShouldAcknowledge = true });
        var log = host.Logs.GetSnapshot().Single(record => record.Level == LogLevel.Error);
        log.Message.Should().Contain("idMessage").And.Contain("SHA-256").And.NotContain("7000");
    }

    [Fact]
    public async Task AcceptAsync_TruncatedBytes_AreQuarantinedAndAcknowledged()
    {
        await using var host = await TestHost.StartAsync(_ => { });

        var result = await host.Intake.AcceptAsync(new IntakeRequest { Utf8Json = "{\"typeWebhook\":"u8.ToArray(), IsTruncated = true });

        result.Should().BeEquivalentTo(new { Outcome = IntakeOutcome.Quarantined, ShouldAcknowledge = true });
    }

    [Fact]
    public async Task AcceptAsync_PolicyThrows_IsQuarantinedAndAcknowledged()
    {
        await using var host = await TestHost.StartAsync(builder => builder.UsePolicy<Throwing>().AddHandler<JournalHandler>());

        var result = await host.Intake.AcceptAsync(Wire.Call("offer"));

        result.Should().BeEquivalentTo(new { Outcome = IntakeOutcome.Quarantined, ShouldAcknowledge = true });
        host.Journal.Lines.Should().BeEmpty();
    }

    [Fact]
    public async Task AcceptAsync_OwnPolicy_Decides()
    {
        await using var host = await TestHost.StartAsync(builder => builder.UsePolicy(CallPolicies.ResultOnly).AddHandler<JournalHandler>());

        (await host.Intake.AcceptAsync(Wire.Call("offer"))).Outcome.Should().Be(IntakeOutcome.Tracked);
    }

    [Fact]
    public async Task AcceptAsync_TokenOfAnotherInstance_IsRefusedWithoutAcknowledgement()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<JournalHandler>());

        var result = await host.Intake.AcceptAsync(new IntakeRequest { Utf8Json = Payload.Read("offered/e01-documented-offer"), ExpectedIdInstances = [7] });

        result.Should().BeEquivalentTo(new { Outcome = IntakeOutcome.Refused, ShouldAcknowledge = false });
        host.Journal.Lines.Should().BeEmpty();
    }

    [Theory]
    [InlineData(1101000001, IntakeOutcome.Stored)]
    [InlineData(1101000003, IntakeOutcome.Refused)]
    public async Task AcceptAsync_TokenOfSeveralInstances_TakesTheNotificationsOfEachAndOfNoOther(long idInstance, IntakeOutcome outcome)
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<JournalHandler>());

        var result = await host.Intake.AcceptAsync(new IntakeRequest { Utf8Json = Payload.Read("offered/e01-documented-offer"), ExpectedIdInstances = [7, idInstance] });

        result.Outcome.Should().Be(outcome);
    }

    [Fact]
    public async Task AcceptAsync_UnreadableCallUnderAnotherToken_DoesNotReachTheQuarantine()
    {
        await using var host = await TestHost.StartAsync(_ => { });

        var result = await host.Intake.AcceptAsync(new IntakeRequest
        {
            Utf8Json = """{"typeWebhook":"incomingCall","instanceData":{"idInstance":5}}"""u8.ToArray(),
            ExpectedIdInstances = [7],
        });

        result.Outcome.Should().Be(IntakeOutcome.Refused);
        host.Logs.GetSnapshot().Should().NotContain(record => record.Level == LogLevel.Error);
    }

    [Fact]
    public async Task AcceptAsync_ForeignThatNamesNoInstance_IsTakenUnderAnyToken()
    {
        await using var host = await TestHost.StartAsync(_ => { });

        var result = await host.Intake.AcceptAsync(new IntakeRequest { Utf8Json = """{"typeWebhook":"somethingNew"}"""u8.ToArray(), ExpectedIdInstances = [7] });

        result.Should().BeEquivalentTo(new { Outcome = IntakeOutcome.Foreign, ShouldAcknowledge = true });
    }

    [Fact]
    public async Task AcceptAsync_TypeThatIsNoWord_StaysOutOfTheLog()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddForeignHandler<FailingForeign>());

        await FluentActions.Awaiting(() => host.Intake.AcceptAsync("""{"typeWebhook":"+70000000177\nfail: forged line"}"""u8.ToArray()).AsTask())
            .Should().ThrowAsync<CallInboxUnavailableException>();

        host.Logs.GetSnapshot().Should().NotBeEmpty().And.OnlyContain(record => !record.Message.Contains("7000") && !record.Message.Contains("forged"));
    }

    [Fact]
    public async Task AcceptAsync_ForeignWithHandler_GetsTheBareBytesAndIsAcknowledged()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddForeignHandler<ForeignJournal>());

        var result = await host.Intake.AcceptAsync("""{"receiptId":1,"body":{"typeWebhook":"quotaExceeded","instanceData":{"idInstance":5}}}"""u8.ToArray());

        result.Outcome.Should().Be(IntakeOutcome.Foreign);
        host.Journal.Lines.Should().Equal("""quotaExceeded 5 {"typeWebhook":"quotaExceeded","instanceData":{"idInstance":5}}""");
    }

    [Fact]
    public async Task AcceptAsync_ForeignHandlerFails_IsNotAcknowledgedUntilItIsGivenUp()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddForeignHandler<FailingForeign>().AddForeignHandler<ForeignJournal>());
        var body = Payload.Read("foreign/e25-quota-exceeded");
        for (var delivery = 0; delivery < 5; delivery++)
        {
            await FluentActions.Awaiting(() => host.Intake.AcceptAsync(body).AsTask()).Should().ThrowAsync<CallInboxUnavailableException>();
            host.Clock.Advance(TimeSpan.FromMinutes(2));
        }

        (await host.Intake.AcceptAsync(body)).ShouldAcknowledge.Should().BeTrue();
        host.Journal.Lines.Should().ContainSingle("a handler that succeeded is not run again");
        host.Logs.GetSnapshot().Should().ContainSingle(record => record.Level == LogLevel.Critical);
    }

    [Fact]
    public async Task AcceptAsync_ForeignHandlerOverstays_KeepsItsScopeAndItsFailureIsTold()
    {
        var state = new Overstaying();
        await using var host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton(state);
            builder.Services.AddScoped<ScopeMark>();
            builder.AddForeignHandler<OverstayingForeign>();
        });

        var accepting = host.Intake.AcceptAsync(Payload.Read("foreign/e25-quota-exceeded")).AsTask();
        host.Clock.Advance(TimeSpan.FromSeconds(35));
        await FluentActions.Awaiting(() => accepting.WaitAsync(TimeSpan.FromSeconds(10))).Should().ThrowAsync<CallInboxUnavailableException>();

        state.Mark!.IsDisposed.Should().BeFalse();
        state.Go.SetException(new InvalidOperationException("late"));
        await state.Mark.Disposed.Task.WaitAsync(TimeSpan.FromSeconds(10));
        for (var turn = 0; turn < 1000 && host.Logs.GetSnapshot().All(record => record.Id.Id != 1014); turn++)
        {
            await Task.Run(static () => { });
        }

        host.Logs.GetSnapshot().Select(record => record.Id.Id).Should().Contain([1013, 1014], "it is told that it was left alone, and that it failed");
    }

    [Fact]
    public async Task AcceptAsync_ForeignTypesWithoutHandler_AreToldOncePerType()
    {
        await using var host = await TestHost.StartAsync(_ => { });

        for (var i = 0; i < 3; i++)
        {
            await host.Intake.AcceptAsync(Payload.Read("foreign/e25-quota-exceeded"));
            await host.Intake.AcceptAsync(Payload.Read("foreign/e28-type-of-tomorrow"));
        }

        host.Logs.GetSnapshot().Where(record => record.Message.Contains("nobody handles them")).Should().HaveCount(2);
    }

    [Fact]
    public async Task AcceptAsync_Anything_LogsNoPhoneNumber()
    {
        await using var host = await TestHost.StartAsync(builder => builder
            .AddHandler<JournalHandler>().AddChatRecorder<JournalRecorder>().AddOperatorNotifier<JournalNotifier>().AddCallerNames<FailingNames>());
        foreach (var payload in Payload.In("offered").Concat(Payload.In("missed")).Concat(Payload.In("foreign")).Concat(Payload.In("unrecognized")))
        {
            await host.Intake.AcceptAsync(Payload.Read(payload));
        }

        await host.Intake.AcceptAsync(Encoding.UTF8.GetBytes("""{"typeWebhook":"incomingCall","from":"70000000101@c.us","status":"offer" 70000000101"""));

        host.Logs.GetSnapshot().Should().NotBeEmpty().And.OnlyContain(record => !record.Message.Contains("70000000") && !$"{record.Exception}".Contains("70000000"));
    }

    private sealed class Throwing : ICallPolicy
    {
        public CallDecision Decide(CallPolicyContext context) => throw new InvalidOperationException("no tenant");
    }

    private sealed class ForeignJournal(Journal journal) : IForeignNotificationHandler
    {
        public ValueTask HandleAsync(ForeignNotification notification, CancellationToken cancellationToken)
        {
            journal.Write($"{notification.Type} {notification.IdInstance} {Encoding.UTF8.GetString(notification.Utf8Json.Span)}");
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Overstaying
    {
        public TaskCompletionSource Go { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ScopeMark? Mark { get; set; }
    }

    private sealed class ScopeMark : IDisposable
    {
        public TaskCompletionSource Disposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsDisposed => Disposed.Task.IsCompleted;

        public void Dispose() => Disposed.TrySetResult();
    }

    private sealed class OverstayingForeign(Overstaying state, ScopeMark mark) : IForeignNotificationHandler
    {
        public ValueTask HandleAsync(ForeignNotification notification, CancellationToken cancellationToken)
        {
            state.Mark = mark;
            return new(state.Go.Task);
        }
    }

    private sealed class FailingForeign : IForeignNotificationHandler
    {
        public ValueTask HandleAsync(ForeignNotification notification, CancellationToken cancellationToken) => throw new InvalidOperationException("down");
    }

    private sealed class FailingNames : ICallerNameResolver
    {
        public ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) => throw new InvalidOperationException("down");
    }
}
