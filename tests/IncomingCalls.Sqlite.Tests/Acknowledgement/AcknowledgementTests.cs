using IncomingCalls.Processes;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Tests.Acknowledgement;

/// <summary>The rows of the table in docs/acknowledgement.md that depend on the inbox, over HTTP and with both transports.</summary>
public class AcknowledgementTests
{
    public static TheoryData<bool> Transports => [true, false];

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Call_Handled_IsAcknowledgedOnceStored(bool isPolled)
    {
        await using var desk = await AcknowledgementHost.StartAsync(isPolled);
        var go = new TaskCompletionSource();
        desk.Recorder.BeforeRecording = (_, _) => go.Task;

        desk.Instance.PlaceCall().Ring();
        await desk.Gateway.WaitUntilAcknowledgedAsync();

        (await desk.Inbox.GetStatisticsAsync()).Depth.Should().Be(1, "the call is acknowledged and not handled yet");
        go.SetResult();
        await Eventually.HoldsAsync(() => desk.Recorder.Events.Should().ContainSingle());
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Call_TrackedDiscardedOrDuplicate_IsAcknowledgedWithoutAnEvent(bool isPolled)
    {
        await using var desk = await AcknowledgementHost.StartAsync(isPolled);
        desk.Script.Policy = context => context.Notification!.IdMessage == "discarded" ? CallDecision.Discard
            : context.Kind == CallEventKind.Offered ? CallDecision.Track : CallDecision.Handle();

        desk.Instance.PlaceCall(configure: call => call.IdMessage = "discarded").Ring();
        desk.Instance.PlaceCall(configure: call => call.IdMessage = "tracked").Ring().Decline().Repeat();
        await desk.Gateway.WaitUntilAcknowledgedAsync();

        await Eventually.HoldsAsync(() => desk.Recorder.Events.Should().ContainSingle());
        desk.Recorder.Events.Single().Kind.Should().Be(CallEventKind.Missed);
        desk.Recorder.Events.Single().Call.OfferedAt.Should().NotBeNull("the offer was tracked");
        desk.Instance.History.Should().OnlyContain(sent => sent.Deliveries.Count == 1);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Notification_UnreadableOrPolicyThrows_IsAcknowledgedAndQuarantined(bool isPolled)
    {
        await using var desk = await AcknowledgementHost.StartAsync(isPolled);
        desk.Script.Policy = _ => throw new InvalidOperationException("A bug.");

        desk.Instance.PlaceCall().Ring();
        desk.Instance.Enqueue($$"""{"typeWebhook":"incomingCall","instanceData":{"idInstance":{{desk.Instance.IdInstance}}},"status":"offer"}""");
        desk.Instance.Enqueue("{\"no\":\"type\"}");
        await desk.Gateway.WaitUntilAcknowledgedAsync();

        (await desk.Inbox.ListQuarantineAsync()).Select(item => item.Reason).Should().Equal("PolicyFailed", "NotUnderstood", "NotANotification");
        desk.Instance.History.Should().OnlyContain(sent => sent.Deliveries.Count == 1);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task OtherType_WithHandler_IsAcknowledgedOnceTheHandlerSucceeds(bool isPolled)
    {
        await using var desk = await AcknowledgementHost.StartAsync(isPolled, hasForeignHandler: true);
        desk.Script.OnOtherNotification = () => desk.Script.OtherNotificationAttempts < 3 ? throw new InvalidOperationException("Not yet.") : Task.CompletedTask;

        desk.Instance.SendMessage("70000000101@c.us", "Hello");
        await desk.Gateway.WaitUntilAcknowledgedAsync();

        desk.Script.OtherNotificationAttempts.Should().Be(3);
        desk.Instance.History.Single().Deliveries.Should().HaveCount(3);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task OtherType_WithoutHandler_IsAcknowledged(bool isPolled)
    {
        await using var desk = await AcknowledgementHost.StartAsync(isPolled);

        desk.Instance.SendMessage("70000000101@c.us", "Hello");

        await desk.Gateway.WaitUntilAcknowledgedAsync();
        desk.Instance.History.Single().Deliveries.Should().ContainSingle();
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Call_HostStopping_RemainsInTheQueueOfTheGateway(bool isPolled)
    {
        await using var desk = await AcknowledgementHost.StartAsync(isPolled);
        var started = new TaskCompletionSource();
        var go = new TaskCompletionSource();
        desk.Recorder.BeforeRecording = (_, _) =>
        {
            started.TrySetResult();
            return go.Task;
        };
        desk.Instance.PlaceCall().Ring();
        await started.Task.WaitAsync(TimeSpan.FromSeconds(10));

        var stopping = desk.StopAsync();
        // A transport may accept a few more calls before it has stopped.
        var refused = () => desk.Gateway.WaitUntilAcknowledgedAsync(TimeSpan.FromMilliseconds(500));
        await Eventually.HoldsAsync(async () =>
        {
            desk.Instance.PlaceCall().Ring();
            await refused.Should().ThrowAsync<TimeoutException>();
        });
        stopping.IsCompleted.Should().BeFalse("the attempt is running");
        desk.Instance.History[^1].Deliveries.Should().NotContain(static delivery => delivery.StatusCode == 200);
        go.SetResult();
        await stopping.WaitAsync(TimeSpan.FromSeconds(10));

        desk.Recorder.Events.Should().NotBeEmpty("the running attempt was awaited");
        desk.Instance.WaitingCount.Should().BePositive();
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Call_InboxCannotWrite_IsNotAcknowledgedUntilItCan(bool isPolled)
    {
        await using var desk = await AcknowledgementHost.StartAsync(isPolled);
        using (var other = new SqliteConnection($"Data Source={desk.Path};Pooling=false"))
        {
            other.Open();
            using var hold = other.CreateCommand();
            hold.CommandText = "BEGIN EXCLUSIVE";
            hold.ExecuteNonQuery();
            var call = desk.Instance.PlaceCall();
            call.Ring();

            // The inbox waits up to five seconds for a lock of another connection, and then fails.
            await Eventually.HoldsAsync(() => desk.Instance.History.Single().Deliveries.Should().NotBeEmpty());
            desk.Instance.History.Single().Deliveries.Should().OnlyContain(delivery => delivery.StatusCode == null || delivery.StatusCode == 503);
            desk.Instance.History.Single().AcknowledgedAt.Should().BeNull();
            hold.CommandText = "ROLLBACK";
            hold.ExecuteNonQuery();
        }

        await desk.Gateway.WaitUntilAcknowledgedAsync();
        await Eventually.HoldsAsync(() => desk.Recorder.Events.Should().ContainSingle());
    }
}
