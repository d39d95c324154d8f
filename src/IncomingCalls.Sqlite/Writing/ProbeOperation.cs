namespace IncomingCalls;

/// <summary>
/// Finds out whether the file can be written again. A host that is not ready gets no requests, so that without this it could stay so
/// for ever.
/// </summary>
internal sealed class ProbeOperation : WriteOperation
{
    public override void Apply(InboxTransaction transaction) => transaction.Probe();

    public override void OnCommitted(ActiveCalls hand)
    {
    }

    // The next look tries again.
    public override void OnRolledBack(ActiveCalls hand, Exception reason)
    {
    }
}
