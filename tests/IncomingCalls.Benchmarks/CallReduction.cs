using BenchmarkDotNet.Attributes;
using IncomingCalls.Calls;
using IncomingCalls.Inbox;
using IncomingCalls.LoadTests;

namespace IncomingCalls.Benchmarks;

/// <summary>The work between reading and storing: the decision of the policy and the reduction of the call.</summary>
[MemoryDiagnoser]
public class CallReduction
{
    private static readonly IncomingCallNotification Offer = NotificationReader.Read(SamplePayloads.Offer).Call!;
    private static readonly IncomingCallNotification Outcome = NotificationReader.Read(BenchmarkPayloads.FullOutcome).Call!;
    private static readonly ReceivedCallNotification ReceivedOffer = Receive(Offer);
    private static readonly ReceivedCallNotification ReceivedOutcome = Receive(Outcome);
    private static readonly CallHistory Offered = CallReducer.Accept(null, ReceivedOffer).History;

    private readonly CallPolicyContext _context = new() { Kind = CallEventKind.Offered, IdInstance = Offer.Instance.IdInstance, Notification = Offer };

    [Benchmark]
    public CallDecision Policy() => CallPolicies.AllStatuses.Decide(_context);

    [Benchmark]
    public object FirstFact() => CallReducer.Accept(null, ReceivedOffer);

    [Benchmark]
    public object SecondFact() => CallReducer.Accept(Offered, ReceivedOutcome);

    private static ReceivedCallNotification Receive(IncomingCallNotification notification) =>
        new() { Notification = notification, Decision = CallDecision.Handle(), ReceivedAt = DateTimeOffset.UnixEpoch };
}
