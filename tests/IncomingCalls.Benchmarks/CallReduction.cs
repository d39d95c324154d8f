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
    private static readonly CallKey Key = new(Offer.Instance.IdInstance, Offer.IdMessage);
    private static readonly CallHistory Offered = CallReducer.Reduce(null, Key, CallFact.FromNotification(Offer, DateTimeOffset.UnixEpoch)).History;

    private readonly CallPolicyContext _context = new() { Kind = CallEventKind.Offered, IdInstance = Key.IdInstance, Notification = Offer };

    [Benchmark]
    public CallDecision Policy() => CallPolicies.AllStatuses.Decide(_context);

    [Benchmark]
    public object FirstFact() => CallReducer.Reduce(null, Key, CallFact.FromNotification(Offer, DateTimeOffset.UnixEpoch));

    [Benchmark]
    public object SecondFact() => CallReducer.Reduce(Offered, Key, CallFact.FromNotification(Outcome, DateTimeOffset.UnixEpoch));
}
