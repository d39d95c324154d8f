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
            // Delivering the same message again does not help: a message that is refused is set aside for inspection.
            await (result.ShouldAcknowledge ? message.CompleteAsync() : message.SetAsideAsync(result.Reason));
        }
        catch (CallInboxUnavailableException)
        {
            await message.ReturnAsync();
        }
    }
}
#endregion
