namespace IncomingCalls;

/// <summary>From here on nothing new is begun.</summary>
internal sealed class StopOperation : WriteOperation
{
    public override void Apply(InboxTransaction transaction)
    {
    }

    public override void OnCommitted(ActiveCalls hand) => hand.Stop();

    public override void OnRolledBack(ActiveCalls hand, Exception reason) => hand.Stop();
}
