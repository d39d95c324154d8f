using IncomingCalls;

namespace Fragments;

#region transport
internal sealed class BotTransport(ICallIntake intake)
{
    /// <summary>Answers whether the update may be confirmed.</summary>
    public async Task<bool> OnUpdateAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        // Throws CallInboxUnavailableException when nothing could be kept: do not confirm then.
        var result = await intake.AcceptAsync(json, cancellationToken);
        if (result.Outcome == IntakeOutcome.Foreign)
        {
            // A message, a state change: yours.
        }

        return result.ShouldAcknowledge;
    }
}
#endregion
