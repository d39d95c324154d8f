using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>Marks how an attempt ended.</summary>
internal sealed class SettleOperation(ActiveCall held, AttemptReport report, InboxServices services, CallTaskRunner work) : WriteOperation
{
    private StateTransition _step = null!;

    public override void Apply(InboxTransaction transaction)
    {
        var call = transaction.Load(held.Key);
        _step = services.Settle(call.State!, report);
        call.Change(_step.State);
        if (_step.DeadLetter is { } letter)
        {
            transaction.DeadLetters.Insert(letter);
        }
    }

    public override void OnCommitted(ActiveCalls hand)
    {
        hand.AttemptEnded(held, report.Attempt);
        services.ReportCommitted(_step);
    }

    public override void OnRolledBack(ActiveCalls hand, Exception reason) => work.Retry(this);
}
