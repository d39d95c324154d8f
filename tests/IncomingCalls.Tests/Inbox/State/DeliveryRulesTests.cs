using IncomingCalls.Inbox;
using IncomingCalls.Inbox.State;
using IncomingCalls.Tests.Hosting;

namespace IncomingCalls.Tests.Inbox.State;

public class DeliveryRulesTests
{
    private static readonly IncomingCallsOptions Options = new();

    [Fact]
    public void DurablePlanRetry_EachFailure_FollowsTheSchedule()
    {
        var rules = new DurableDeliveryRules();

        var first = rules.PlanRetry(Fail(attempts: 0), null, Options, TestHost.Now)!;

        first.DueAt.Should().BeCloseTo(TestHost.Now.AddSeconds(2), TimeSpan.FromSeconds(0.4));
        first.WaitsFor.Should().Be(DeliveryWait.Retry);
        rules.PlanRetry(Fail(attempts: 6), null, Options, TestHost.Now).Should().BeNull("the sixth retry has failed");
        rules.PlanRetry(Fail(attempts: 0), [], Options, TestHost.Now).Should().BeNull("the handler has no retries");
        rules.PlanRetry(Fail(attempts: 0, TimeSpan.FromHours(3)), null, Options, TestHost.Now)!.DueAt.Should().Be(TestHost.Now.AddHours(3));
    }

    [Theory]
    [InlineData(0, 200)]
    [InlineData(1, 1000)]
    [InlineData(2, null)]
    [InlineData(3, 200)]
    [InlineData(4, 1000)]
    [InlineData(5, null)]
    public void InMemoryPlanRetry_EventWithNotification_HasTwoQuickRetriesPerTransmission(int attempts, int? milliseconds)
    {
        var now = TestHost.Now.AddHours(1);

        var plan = new InMemoryDeliveryRules().PlanRetry(Fail(attempts), null, Options, now)!;

        plan.WaitsFor.Should().Be(milliseconds is null ? DeliveryWait.Redelivery : DeliveryWait.Retry);
        plan.DueAt.Should().Be(milliseconds is null ? TestHost.Now.AddHours(25) : now.AddMilliseconds(milliseconds.Value));
    }

    [Theory]
    [InlineData(0, DeliveryWait.Retry)]
    [InlineData(2, DeliveryWait.Redelivery)]
    public void InMemoryPlanRetry_RequestedDelay_ReplacesAQuickRetryOnly(int attempts, DeliveryWait waitsFor)
    {
        var plan = new InMemoryDeliveryRules().PlanRetry(Fail(attempts, TimeSpan.FromMinutes(1)), null, Options, TestHost.Now)!;

        plan.WaitsFor.Should().Be(waitsFor);
        plan.DueAt.Should().Be(waitsFor == DeliveryWait.Retry ? TestHost.Now.AddMinutes(1) : TestHost.Now.AddHours(25));
    }

    [Fact]
    public void InMemoryPlanRetry_NothingRedeliveredFor25Hours_IsGivenUp() =>
        new InMemoryDeliveryRules().PlanRetry(Fail(attempts: 5), null, Options, TestHost.Now.AddHours(25)).Should().BeNull("a delivery that waits for ever would stay in memory");

    [Theory]
    [InlineData(2, 0, 60)]
    [InlineData(11, 20, 60)]
    [InlineData(14, 9, 60)]
    [InlineData(14, 10, null)]
    public void InMemoryPlanRetry_EventWithoutNotification_IsRetriedEachMinuteUntilGivenUp(int attempts, double minutes, int? seconds)
    {
        var now = TestHost.Now.AddMinutes(minutes);

        var plan = new InMemoryDeliveryRules().PlanRetry(Fail(attempts, notification: false), null, Options, now);

        (plan?.DueAt).Should().Be(seconds is null ? null : now.AddSeconds(seconds.Value));
    }

    [Theory]
    [InlineData(10, 10, 2)]
    [InlineData(1, 1, 1)]
    [InlineData(0, 0, 0)]
    public void GetNameWait_EachInbox_IsTheOptionOrAtMostTwoSecondsInMemory(int option, int durable, int inMemory)
    {
        var options = new IncomingCallsOptions { CallerNameWait = TimeSpan.FromSeconds(option) };

        new DurableDeliveryRules().GetNameWait(options).TotalSeconds.Should().Be(durable);
        new InMemoryDeliveryRules().GetNameWait(options).TotalSeconds.Should().Be(inMemory);
    }

    private static AttemptReport Fail(int attempts, TimeSpan? retryAfter = null, bool notification = true)
    {
        var stored = new StoredCallEvent
        {
            Id = "1101000001/A/Offered",
            Call = new(1101000001, "A"),
            Kind = CallEventKind.Offered,
            Notification = notification ? TestNotifications.CreateCall("offer") : null,
            Decision = CallDecision.Handle(),
            OccurredAt = TestHost.Now,
            ReceivedAt = TestHost.Now,
        };
        var delivery = new Delivery { HandlerName = "crm", Attempts = attempts, DueAt = TestHost.Now };
        return new() { Attempt = new() { PendingEvent = new() { Event = stored, Deliveries = [delivery] }, Delivery = delivery }, Outcome = AttemptOutcome.Failed, RetryAfter = retryAfter };
    }
}
