using IncomingCalls.Calls;
using IncomingCalls.Inbox;
using IncomingCalls.Tests.Hosting;

namespace IncomingCalls.Tests.Calls;

/// <summary>Limits the allocations of the reduction of a call, so that they do not grow unnoticed.</summary>
public class CallReducerAllocationTests
{
    private static readonly IncomingCallNotification Offer = NotificationReader.Read(PayloadFiles.Read("offered/e01-documented-offer")).Call!;
    private static readonly CallKey Key = new(Offer.Instance.IdInstance, Offer.IdMessage);
    private static readonly CallFact Offered = CallFact.FromNotification(Offer, DateTimeOffset.UnixEpoch);
    private static readonly CallFact Answered = CallFact.FromNotification(Offer with { Status = CallStatus.PickUp }, DateTimeOffset.UnixEpoch);

    [Fact]
    public void Reduce_FirstFact_AllocatesTheCallAndItsHistory() => BytesPerCall(before: null, Offered).Should().BeLessThanOrEqualTo(320);

    [Fact]
    public void Reduce_SecondFact_AllocatesNoMoreThanTheFirst() =>
        BytesPerCall(CallReducer.Reduce(null, Key, Offered).History, Answered).Should().BeLessThanOrEqualTo(432);

    private static long BytesPerCall(CallHistory? before, CallFact fact) => AllocationMeter.BytesPerCall(() => CallReducer.Reduce(before, Key, fact));
}
