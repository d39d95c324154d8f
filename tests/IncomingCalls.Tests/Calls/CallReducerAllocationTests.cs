using IncomingCalls.Calls;
using IncomingCalls.Inbox;
using IncomingCalls.Tests.Hosting;

namespace IncomingCalls.Tests.Calls;

/// <summary>Limits the allocations of the reduction of a call, so that they do not grow unnoticed.</summary>
public class CallReducerAllocationTests
{
    private static readonly IncomingCallNotification Offer = NotificationReader.Read(PayloadFiles.Read("offered/e01-documented-offer")).Call!;
    private static readonly ReceivedCallNotification Tracked = Receive(Offer, CallDecision.Track);
    private static readonly ReceivedCallNotification Handled = Receive(Offer, CallDecision.Handle());
    private static readonly ReceivedCallNotification Answered = Receive(Offer with { RawStatus = "pickUp" }, CallDecision.Track);

    [Fact]
    public void Accept_FirstFact_AllocatesTheCallAndItsHistory() => BytesPerCall(before: null, Tracked).Should().BeLessThanOrEqualTo(512);

    [Fact]
    public void Accept_FirstFactWithEvent_AllocatesTheEventInAddition() => BytesPerCall(before: null, Handled).Should().BeLessThanOrEqualTo(776);

    [Fact]
    public void Accept_SecondFact_AllocatesNoMoreThanTheFirst() => BytesPerCall(CallReducer.Accept(null, Tracked).History, Answered).Should().BeLessThanOrEqualTo(448);

    private static long BytesPerCall(CallHistory? before, ReceivedCallNotification received) => AllocationMeter.BytesPerCall(() => CallReducer.Accept(before, received));

    private static ReceivedCallNotification Receive(IncomingCallNotification notification, CallDecision decision) =>
        new() { Notification = notification, Decision = decision, ReceivedAt = DateTimeOffset.UnixEpoch };
}
