using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>Keeps a caller's name. One that cannot be written is asked for again after the next start, and nothing worse.</summary>
internal sealed class NameWrite(KeptCallerName name) : InboxWrite
{
    public override void Apply(InboxTransaction transaction) => transaction.Names.Set(name);

    public override void Kept(CallsInHand hand)
    {
    }

    public override void Failed(CallsInHand hand, Exception reason)
    {
    }
}
