using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>Keeps that no outcome came in time.</summary>
internal sealed class GiveUpWaitingWrite(CallInHand held, CallDecision? decision, InboxServices services, CallWork work) : InboxWrite
{
    private KeptCallStep _step = null!;

    public override void Apply(InboxTransaction transaction)
    {
        var call = transaction.Load(held.Key);
        _step = services.GiveUpWaiting(call.State!, decision);
        call.Change(_step.Call);
    }

    public override void Kept(CallsInHand hand)
    {
        hand.Decided(held);
        services.Tell(_step);
    }

    public override void Failed(CallsInHand hand, Exception reason) => work.Again(this);
}
