namespace IncomingCalls;

/// <summary>Takes a notification out of quarantine, after it was taken in again.</summary>
internal sealed class DeleteQuarantinedOperation(long id, CallTaskRunner work) : WriteOperation
{
    public override void Apply(InboxTransaction transaction) => transaction.Quarantine.Delete(id);

    public override void OnCommitted(ActiveCalls hand) => work.QuarantineReplayEnded(id);

    public override void OnRolledBack(ActiveCalls hand, Exception reason) => work.Retry(this);
}
