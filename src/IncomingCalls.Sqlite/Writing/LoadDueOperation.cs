using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>Looks what is due in the file, and what an operator asked for there.</summary>
internal sealed class LoadDueOperation(InboxServices services, CallTaskRunner work, TimeProvider time, Action done) : WriteOperation
{
    private const int MaxLetters = 100;
    private const int MaxQuarantined = 10;

    private List<long> _due = [];
    private List<(long Id, byte[] Bytes)> _quarantined = [];

    public override void Apply(InboxTransaction transaction)
    {
        foreach (var (id, letter) in transaction.DeadLetters.ReplayRequested(MaxLetters))
        {
            var call = transaction.Load(letter.Event.Call);
            call.Change(services.Replay(call.State, letter).State);
            transaction.DeadLetters.Delete(id);
        }

        _due = transaction.Calls.DueInstances(time.GetUtcNow());
        _quarantined = transaction.Quarantine.ReplayRequested(MaxQuarantined);
    }

    public override void OnCommitted(ActiveCalls hand)
    {
        _due.ForEach(hand.LoadDue);
        _quarantined.ForEach(item => work.ReplayQuarantined(item.Id, item.Bytes));
        done();
    }

    public override void OnRolledBack(ActiveCalls hand, Exception reason) => done();
}
