using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>Keeps a caller's name. One that cannot be written is asked for again after the next start, and nothing worse.</summary>
internal sealed class StoreNameOperation(CachedCallerName name) : WriteOperation
{
    public override void Apply(InboxTransaction transaction) => transaction.Names.Set(name);

    public override void OnCommitted(ActiveCalls hand)
    {
    }

    public override void OnRolledBack(ActiveCalls hand, Exception reason)
    {
    }
}
