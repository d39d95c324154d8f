namespace IncomingCalls;

/// <summary>From here on nothing new is begun.</summary>
internal sealed class StopWrite : InboxWrite
{
    public override void Apply(InboxTransaction transaction)
    {
    }

    public override void Kept(CallsInHand hand) => hand.Stop();

    public override void Failed(CallsInHand hand, Exception reason) => hand.Stop();
}
