using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>Marks how an attempt ended.</summary>
internal sealed class SettleWrite(CallInHand held, HandlerReport report, InboxServices services, CallWork work) : InboxWrite
{
    private KeptCallStep _step = null!;

    public override void Apply(InboxTransaction transaction)
    {
        var call = transaction.Load(held.Key);
        _step = services.Settle(call.State!, report);
        call.Change(_step.Call);
        if (_step.DeadLetter is { } letter)
        {
            transaction.DeadLetters.Insert(letter);
        }
    }

    public override void Kept(CallsInHand hand)
    {
        hand.RunEnded(held, report.Run);
        services.Tell(_step);
    }

    public override void Failed(CallsInHand hand, Exception reason) => work.Again(this);
}
