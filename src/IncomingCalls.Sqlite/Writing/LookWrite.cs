using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>Looks what is due in the file, and what an operator asked for there.</summary>
internal sealed class LookWrite(InboxServices services, CallWork work, TimeProvider time, Action done) : InboxWrite
{
    private const int MaxLetters = 100;
    private const int MaxQuarantined = 10;

    private List<long> _due = [];
    private List<(long Id, byte[] Bytes)> _quarantined = [];

    public override void Apply(InboxTransaction transaction)
    {
        foreach (var (id, letter) in transaction.DeadLetters.Requested(MaxLetters))
        {
            var call = transaction.Load(letter.Event.Call);
            call.Change(services.Replay(call.State, letter).Call);
            transaction.DeadLetters.Delete(id);
        }

        _due = transaction.Calls.DueInstances(time.GetUtcNow());
        _quarantined = transaction.Quarantine.Requested(MaxQuarantined);
    }

    public override void Kept(CallsInHand hand)
    {
        _due.ForEach(hand.Wake);
        _quarantined.ForEach(item => work.TakeIn(item.Id, item.Bytes));
        done();
    }

    public override void Failed(CallsInHand hand, Exception reason) => done();
}
