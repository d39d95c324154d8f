using IncomingCalls.Orleans.GrainInterfaces;
using IncomingCalls.Orleans.Serialization;
using IncomingCalls.Orleans.StoredItems;
using IncomingCalls.Orleans.Telemetry;

namespace IncomingCalls.Orleans.Calls;

/// <content>The dead letters of the call, which the <see cref="DeadLettersGrain"/> stores.</content>
internal sealed partial class CallGrain
{
    private static readonly TimeSpan FinalTransferTimeout = TimeSpan.FromSeconds(2);

    /// <summary>Transfers dead letters to the <see cref="DeadLettersGrain"/>. A dead letter remains in the state of the call until it is stored there.</summary>
    private async Task TransferDeadLettersAsync(CancellationToken cancellationToken)
    {
        while (State.DeadLetters is [var letter, ..])
        {
            // The bucket first, so that a listed dead letter is not counted as a pending delivery as well.
            await _wakeUp.FlushStateAsync(State).WaitAsync(cancellationToken);
            await _context.Grains.GetGrain<IDeadLettersGrain>(0).PutAsync(JsonPayload.FromModel(letter)).WaitAsync(cancellationToken);
            await _state.ApplyAsync(state => state.WithoutDeadLetter(letter).WithBucket(_context.Buckets.ChooseBucket));
        }
    }

    /// <summary>Makes a last, time-limited transfer of dead letters that were created while the silo stops; the target grain may be stopping as well.</summary>
    private async Task TransferRemainingDeadLettersAsync()
    {
        try
        {
            using var timeout = new CancellationTokenSource(FinalTransferTimeout, _context.Time);
            await TransferDeadLettersAsync(timeout.Token);
        }
        catch (Exception e)
        {
            _context.Logger.GrainUnreachable(nameof(DeadLettersGrain), e);
        }
    }
}
