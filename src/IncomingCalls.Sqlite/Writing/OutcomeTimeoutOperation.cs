using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>Keeps that no outcome came in time.</summary>
internal sealed class OutcomeTimeoutOperation(ActiveCall held, CallDecision? decision, InboxServices services, CallTaskRunner work) : WriteOperation
{
    private StateTransition _step = null!;

    public override void Apply(InboxTransaction transaction)
    {
        var call = transaction.Load(held.Key);
        _step = services.ApplyOutcomeTimeout(call.State!, decision);
        call.Change(_step.State);
    }

    public override void OnCommitted(ActiveCalls hand)
    {
        hand.OutcomeResolved(held);
        services.ReportCommitted(_step);
    }

    public override void OnRolledBack(ActiveCalls hand, Exception reason) => work.Retry(this);
}
