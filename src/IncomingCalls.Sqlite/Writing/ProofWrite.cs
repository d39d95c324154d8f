namespace IncomingCalls;

/// <summary>
/// Finds out whether the file can be written again. A host that is not ready gets no requests, so that without this it could stay so
/// for ever.
/// </summary>
internal sealed class ProofWrite : InboxWrite
{
    public override void Apply(InboxTransaction transaction) => transaction.Prove();

    public override void Kept(CallsInHand hand)
    {
    }

    // The next look tries again.
    public override void Failed(CallsInHand hand, Exception reason)
    {
    }
}
