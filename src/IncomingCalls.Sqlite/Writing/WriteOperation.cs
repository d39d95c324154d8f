namespace IncomingCalls;

/// <summary>One thing to be done in a transaction of the writer. Everything here runs on the writer's thread.</summary>
internal abstract class WriteOperation
{
    /// <summary>Does it. May be asked again after a rollback, so nothing outside the transaction may change here.</summary>
    public abstract void Apply(InboxTransaction transaction);

    /// <summary>The transaction is on the disk.</summary>
    public abstract void OnCommitted(ActiveCalls hand);

    /// <summary>The transaction was rolled back.</summary>
    public abstract void OnRolledBack(ActiveCalls hand, Exception reason);
}
