using System.Diagnostics;
using System.Text;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Tests.Intake;

public class CallIntakeTests
{
    [Theory]
    [InlineData("offered/e01-documented-offer", IntakeOutcome.Stored)]
    [InlineData("polled/e19-offer", IntakeOutcome.Stored)]
    [InlineData("outgoing/e22-outgoing-private", IntakeOutcome.Stored)]
    [InlineData("foreign/e28-type-of-tomorrow", IntakeOutcome.OtherType)]
    [InlineData("answers/e30-webhook-url-set", IntakeOutcome.Quarantined)]
    [InlineData("answers/e21-empty-queue", IntakeOutcome.Quarantined)]
    public async Task AcceptAsync_EachPayload_ReturnsItsOutcome(string payload, IntakeOutcome outcome)
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>());

        var result = await host.Intake.AcceptAsync(PayloadFiles.Read(payload));

        result.Outcome.Should().Be(outcome);
        result.ShouldAcknowledge.Should().BeTrue("a retry cannot help");
    }

    [Fact]
    public async Task AcceptAsync_UnreadableCall_IsQuarantinedAcknowledgedAndLoggedWithoutContent()
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
    public async Task AcceptAsync_PolicyKeepsThrowing_IsNotAcknowledgedUntilItIsGivenUp()
    {
        await using var host = await TestHost.StartAsync(
            builder => builder.UsePolicy<ThrowingPolicy>().AddHandler<RecordingHandler>(), options => (options.GiveUpAfter, options.GiveUpAfterRedeliveries) = (TimeSpan.FromMinutes(10), 1));
        var accepting = async () => await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"));
        await accepting.Should().ThrowAsync<CallInboxUnavailableException>();
        await host.AdvanceAsync(TimeSpan.FromMinutes(9));
        await accepting.Should().ThrowAsync<CallInboxUnavailableException>();
        await host.AdvanceAsync(TimeSpan.FromMinutes(1));

        var result = await accepting();

        result.Should().BeEquivalentTo(new { Outcome = IntakeOutcome.Quarantined, ShouldAcknowledge = true });
        host.Recorder.Lines.Should().BeEmpty();
    }

    [Fact]
    public async Task AcceptAsync_CustomPolicy_Decides()
    {
        await using var host = await TestHost.StartAsync(builder => builder.UsePolicy(CallPolicies.ResultOnly).AddHandler<RecordingHandler>());

        (await host.Intake.AcceptAsync(TestNotifications.CreateCall("offer"))).Outcome.Should().Be(IntakeOutcome.Tracked);
    }

    [Fact]
    public async Task AcceptAsync_TokenOfAnotherInstance_IsRefusedWithoutAcknowledgement()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>());

        var result = await host.Intake.AcceptAsync(new IntakeRequest { Utf8Json = PayloadFiles.Read("offered/e01-documented-offer"), ExpectedIdInstances = [7] });

        result.Should().BeEquivalentTo(new { Outcome = IntakeOutcome.Refused, ShouldAcknowledge = false });
        host.Recorder.Lines.Should().BeEmpty();
    }

    [Theory]
    [InlineData(1101000001, IntakeOutcome.Stored)]
    [InlineData(1101000003, IntakeOutcome.Refused)]
    public async Task AcceptAsync_TokenOfSeveralInstances_AcceptsOnlyTheirNotifications(long idInstance, IntakeOutcome outcome)
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>());

        var result = await host.Intake.AcceptAsync(new IntakeRequest { Utf8Json = PayloadFiles.Read("offered/e01-documented-offer"), ExpectedIdInstances = [7, idInstance] });

        result.Outcome.Should().Be(outcome);
    }

    [Fact]
    public async Task AcceptAsync_UnreadableCallWithAnotherInstancesToken_IsNotQuarantined()
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
    public async Task AcceptAsync_OtherTypeWithoutInstance_IsAcceptedWithAnyToken()
    {
        await using var host = await TestHost.StartAsync(_ => { });

        var result = await host.Intake.AcceptAsync(new IntakeRequest { Utf8Json = """{"typeWebhook":"somethingNew"}"""u8.ToArray(), ExpectedIdInstances = [7] });

        result.Should().BeEquivalentTo(new { Outcome = IntakeOutcome.OtherType, ShouldAcknowledge = true });
    }

    [Fact]
    public async Task AcceptAsync_MalformedType_IsNotLogged()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddOtherNotificationHandler<FailingOtherNotificationHandler>());

        await FluentActions.Awaiting(() => host.Intake.AcceptAsync("""{"typeWebhook":"+70000000177\nfail: forged line"}"""u8.ToArray()).AsTask())
            .Should().ThrowAsync<CallInboxUnavailableException>();

        host.Logs.GetSnapshot().Should().NotBeEmpty().And.OnlyContain(record => !record.Message.Contains("7000") && !record.Message.Contains("forged"));
    }

    [Fact]
    public async Task AcceptAsync_OtherTypeWithHandler_ReceivesTheRawBytesAndIsAcknowledged()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddOtherNotificationHandler<RecordingOtherNotificationHandler>());

        var result = await host.Intake.AcceptAsync("""{"receiptId":1,"body":{"typeWebhook":"quotaExceeded","instanceData":{"idInstance":5}}}"""u8.ToArray());

        result.Outcome.Should().Be(IntakeOutcome.OtherType);
        host.Recorder.Lines.Should().Equal("""quotaExceeded 5 {"typeWebhook":"quotaExceeded","instanceData":{"idInstance":5}}""");
    }

    [Fact]
    public async Task AcceptAsync_OtherTypeHandlerFails_IsNotAcknowledgedUntilGivenUp()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddOtherNotificationHandler<FailingOtherNotificationHandler>().AddOtherNotificationHandler<RecordingOtherNotificationHandler>());
        var body = PayloadFiles.Read("foreign/e25-quota-exceeded");
        for (var delivery = 0; delivery < 5; delivery++)
        {
            await FluentActions.Awaiting(() => host.Intake.AcceptAsync(body).AsTask()).Should().ThrowAsync<CallInboxUnavailableException>();
            host.Clock.Advance(TimeSpan.FromMinutes(2));
        }

        (await host.Intake.AcceptAsync(body)).ShouldAcknowledge.Should().BeTrue();
        host.Recorder.Lines.Should().ContainSingle("a handler that succeeded is not run again");
        host.Logs.GetSnapshot().Should().ContainSingle(record => record.Level == LogLevel.Critical);
    }

    [Fact]
    public async Task AcceptAsync_OtherTypeHandlerAbandoned_ItsScopeStaysOpenAndItsFailureIsLogged()
    {
        var state = new AbandonedRun();
        await using var host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton(state);
            builder.Services.AddScoped<DisposalProbe>();
            builder.AddOtherNotificationHandler<AbandonedOtherNotificationHandler>();
        });

        var accepting = host.Intake.AcceptAsync(PayloadFiles.Read("foreign/e25-quota-exceeded")).AsTask();
        host.Clock.Advance(TimeSpan.FromSeconds(35));
        await FluentActions.Awaiting(() => accepting.WaitAsync(TimeSpan.FromSeconds(10))).Should().ThrowAsync<CallInboxUnavailableException>();

        state.Scope!.IsDisposed.Should().BeFalse();
        state.Release.SetException(new InvalidOperationException("late"));
        await state.Scope.Disposed.Task.WaitAsync(TimeSpan.FromSeconds(10));
        var started = Stopwatch.GetTimestamp();
        while (host.Logs.GetSnapshot().All(record => record.Id.Id != 1018) && Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(30))
        {
            await Task.Run(static () => { });
        }

        host.Logs.GetSnapshot().Select(record => record.Id.Id).Should().Contain([1017, 1018], "both the abandoned attempt and its later failure are logged");
    }

    [Fact]
    public async Task AcceptAsync_OtherTypesWithoutHandler_AreLoggedOncePerType()
    {
        await using var host = await TestHost.StartAsync(_ => { });

        for (var i = 0; i < 3; i++)
        {
            await host.Intake.AcceptAsync(PayloadFiles.Read("foreign/e25-quota-exceeded"));
            await host.Intake.AcceptAsync(PayloadFiles.Read("foreign/e28-type-of-tomorrow"));
        }

        host.Logs.GetSnapshot().Where(record => record.Message.Contains("no handler is registered")).Should().HaveCount(2);
    }

    [Fact]
    public async Task AcceptAsync_Anything_LogsNoPhoneNumber()
    {
        await using var host = await TestHost.StartAsync(builder => builder
            .AddHandler<RecordingHandler>().AddChatRecorder<RecordingChatRecorder>().AddOperatorNotifier<RecordingNotifier>().AddCallerNames<FailingNameResolver>());
        foreach (var payload in PayloadFiles.NamesIn("offered").Concat(PayloadFiles.NamesIn("missed")).Concat(PayloadFiles.NamesIn("foreign")).Concat(PayloadFiles.NamesIn("unrecognized")))
        {
            await host.Intake.AcceptAsync(PayloadFiles.Read(payload));
        }

        await host.Intake.AcceptAsync(Encoding.UTF8.GetBytes("""{"typeWebhook":"incomingCall","from":"70000000101@c.us","status":"offer" 70000000101"""));

        host.Logs.GetSnapshot().Should().NotBeEmpty().And.OnlyContain(record => !record.Message.Contains("70000000") && !$"{record.Exception}".Contains("70000000"));
    }

    private sealed class ThrowingPolicy : ICallPolicy
    {
        public CallDecision Decide(CallPolicyContext context) => throw new InvalidOperationException("no tenant");
    }

    private sealed class RecordingOtherNotificationHandler(TestRecorder journal) : IOtherNotificationHandler
    {
        public ValueTask HandleAsync(OtherNotification notification, CancellationToken cancellationToken)
        {
            journal.Record($"{notification.Type} {notification.IdInstance} {Encoding.UTF8.GetString(notification.Utf8Json.Span)}");
            return ValueTask.CompletedTask;
        }
    }

    private sealed class AbandonedRun
    {
        public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public DisposalProbe? Scope { get; set; }
    }

    private sealed class DisposalProbe : IDisposable
    {
        public TaskCompletionSource Disposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsDisposed => Disposed.Task.IsCompleted;

        public void Dispose() => Disposed.TrySetResult();
    }

    private sealed class AbandonedOtherNotificationHandler(AbandonedRun state, DisposalProbe mark) : IOtherNotificationHandler
    {
        public ValueTask HandleAsync(OtherNotification notification, CancellationToken cancellationToken)
        {
            state.Scope = mark;
            return new(state.Release.Task);
        }
    }

    private sealed class FailingOtherNotificationHandler : IOtherNotificationHandler
    {
        public ValueTask HandleAsync(OtherNotification notification, CancellationToken cancellationToken) => throw new InvalidOperationException("down");
    }

    private sealed class FailingNameResolver : ICallerNameResolver
    {
        public ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) => throw new InvalidOperationException("down");
    }
}
