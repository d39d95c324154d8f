using IncomingCalls;

namespace Fragments;

#region consumer
internal sealed class BrokerConsumer(ICallIntake intake)
{
    public async Task HandleAsync(IBrokerMessage message, CancellationToken cancellationToken)
    {
        try
        {
            var result = await intake.AcceptAsync(message.Body, cancellationToken);
            // Here nobody sends again: what is not acknowledged is somebody's mistake, and for a person to look at.
            await (result.ShouldAcknowledge ? message.CompleteAsync() : message.SetAsideAsync(result.Reason));
        }
        catch (CallInboxUnavailableException)
        {
            await message.ReturnAsync();
        }
    }
}
#endregion
