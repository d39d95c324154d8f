namespace IncomingCalls;

/// <summary>Takes a notification out of quarantine, after it was taken in again.</summary>
internal sealed class ForgetQuarantinedWrite(long id, CallWork work) : InboxWrite
{
    public override void Apply(InboxTransaction transaction) => transaction.Quarantine.Delete(id);

    public override void Kept(CallsInHand hand) => work.TakenIn(id);

    public override void Failed(CallsInHand hand, Exception reason) => work.Again(this);
}
