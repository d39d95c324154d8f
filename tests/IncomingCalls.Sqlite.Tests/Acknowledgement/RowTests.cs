using IncomingCalls.Processes;
using IncomingCalls.Testing;
using Microsoft.Data.Sqlite;

namespace IncomingCalls.Sqlite.Tests.Acknowledgement;

/// <summary>The table of docs/acknowledgement.md, as far as the inbox has a say in it, over real HTTP and with both transports.</summary>
public class RowTests
{
    public static TheoryData<bool> Transports => [true, false];

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Handled_IsAcknowledgedOnceItIsKept(bool isPolled)
    {
        await using var desk = await RowDesk.StartAsync(isPolled);
        var go = new TaskCompletionSource();
        desk.Told.First = (_, _) => go.Task;

        desk.Instance.PlaceCall().Ring();
        await desk.Gateway.WaitUntilHandledAsync();

        (await desk.Inbox.GetStatisticsAsync()).Depth.Should().Be(1, "acknowledged, and not handled yet");
        go.SetResult();
        await Eventually.HoldsAsync(() => desk.Told.Events.Should().ContainSingle());
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task TrackedDiscardedAndRepeated_AreAcknowledgedWithoutAnEvent(bool isPolled)
    {
        await using var desk = await RowDesk.StartAsync(isPolled);
        desk.Script.Policy = context => context.Notification!.IdMessage == "discarded" ? CallDecision.Discard
            : context.Kind == CallEventKind.Offered ? CallDecision.Track : CallDecision.Handle();

        desk.Instance.PlaceCall(configure: call => call.IdMessage = "discarded").Ring();
        desk.Instance.PlaceCall(configure: call => call.IdMessage = "tracked").Ring().Decline().Repeat();
        await desk.Gateway.WaitUntilHandledAsync();

        await Eventually.HoldsAsync(() => desk.Told.Events.Should().ContainSingle());
        desk.Told.Events.Single().Kind.Should().Be(CallEventKind.Missed);
        desk.Told.Events.Single().Call.OfferedAt.Should().NotBeNull("the offer was tracked");
        desk.Instance.History.Should().OnlyContain(sent => sent.Deliveries.Count == 1);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task PolicyThrows_NotUnderstoodAndNoJson_AreAcknowledgedAndInQuarantine(bool isPolled)
    {
        await using var desk = await RowDesk.StartAsync(isPolled);
        desk.Script.Policy = _ => throw new InvalidOperationException("A bug.");

        desk.Instance.PlaceCall().Ring();
        desk.Instance.Enqueue($$"""{"typeWebhook":"incomingCall","instanceData":{"idInstance":{{desk.Instance.IdInstance}}},"status":"offer"}""");
        desk.Instance.Enqueue("{\"no\":\"type\"}");
        await desk.Gateway.WaitUntilHandledAsync();

        (await desk.Inbox.ListQuarantineAsync()).Select(item => item.Reason).Should().Equal("PolicyFailed", "NotUnderstood", "NotANotification");
        desk.Instance.History.Should().OnlyContain(sent => sent.Deliveries.Count == 1);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Foreign_IsAcknowledgedOnceItsHandlerSucceeds(bool isPolled)
    {
        await using var desk = await RowDesk.StartAsync(isPolled, hasForeignHandler: true);
        desk.Script.Foreign = () => desk.Script.ForeignAttempts < 3 ? throw new InvalidOperationException("Not yet.") : Task.CompletedTask;

        desk.Instance.SendMessage("70000000101@c.us", "Hello");
        await desk.Gateway.WaitUntilHandledAsync();

        desk.Script.ForeignAttempts.Should().Be(3);
        desk.Instance.History.Single().Deliveries.Should().HaveCount(3);
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task Foreign_WithoutHandler_IsAcknowledged(bool isPolled)
    {
        await using var desk = await RowDesk.StartAsync(isPolled);

        desk.Instance.SendMessage("70000000101@c.us", "Hello");

        await desk.Gateway.WaitUntilHandledAsync();
        desk.Instance.History.Single().Deliveries.Should().ContainSingle();
    }

    [Theory]
    [MemberData(nameof(Transports))]
    public async Task InboxCannotWrite_NothingIsAcknowledgedUntilItCan(bool isPolled)
    {
        await using var desk = await RowDesk.StartAsync(isPolled);
        using (var other = new SqliteConnection($"Data Source={desk.Path};Pooling=false"))
        {
            other.Open();
            using var hold = other.CreateCommand();
            hold.CommandText = "BEGIN EXCLUSIVE";
            hold.ExecuteNonQuery();
            var call = desk.Instance.PlaceCall();
            call.Ring();

            // Five seconds the inbox waits for whoever holds the file; then it says no.
            await Eventually.HoldsAsync(() => desk.Instance.History.Single().Deliveries.Should().NotBeEmpty());
            desk.Instance.History.Single().Deliveries.Should().OnlyContain(delivery => delivery.StatusCode == null || delivery.StatusCode == 503);
            desk.Instance.History.Single().AcknowledgedAt.Should().BeNull();
            hold.CommandText = "ROLLBACK";
            hold.ExecuteNonQuery();
        }

        await desk.Gateway.WaitUntilHandledAsync();
        await Eventually.HoldsAsync(() => desk.Told.Events.Should().ContainSingle());
    }
}
