using IncomingCalls.CrashTests;
using Npgsql;

namespace IncomingCalls.ClusterTests;

/// <summary>
/// A handler of a node. It records each attempt in the effects file when it starts. A transactional handler also writes it into a table, in the transaction of the event.
/// </summary>
internal abstract class NodeHandler(string name, NodeEffects effects) : ICallEventHandler
{
    /// <summary>Longer than the timeout of a handler and the time after which it is abandoned, also on a busy machine.</summary>
    private static readonly TimeSpan BlockDuration = NodeHost.HandlerTimeout + TimeSpan.FromSeconds(15);

    private static readonly TimeSpan HoldDuration = TimeSpan.FromSeconds(6);

    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        var fault = effects.Faults.Take();
        var expected = HandlerNames.ExpectedResultOf(name, callEvent.Id, callEvent.Attempt);
        var effect = effects.File.Append(callEvent, name, fault is HandlerFault.FailFast or HandlerFault.Block ? EffectResult.Interrupted : expected);
        await WriteAsync(effect, cancellationToken);
        switch (fault)
        {
            case HandlerFault.FailFast:
                Environment.FailFast("A handler ends its process.");
                break;
            case HandlerFault.Block:
                // A handler that has not returned a task yet has no timeout.
                await Task.Yield();
                using (var never = new ManualResetEventSlim())
                {
                    never.Wait(BlockDuration, CancellationToken.None);
                }

                await WriteAsync(effect, CancellationToken.None);
                break;
            case HandlerFault.Hold:
                await Task.Delay(HoldDuration, TimeProvider.System, cancellationToken);
                break;
            default:
                // So that faults meet running attempts.
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(30)), TimeProvider.System, cancellationToken);
                break;
        }

        switch (expected)
        {
            case EffectResult.Failed:
                throw new InvalidOperationException("Simulated failure.");
            case EffectResult.Rejected:
                throw new CallEventRejectedException("Simulated rejection.");
            default:
                break;
        }
    }

    /// <summary>Writes the effect of an attempt, beside the effects file.</summary>
    protected virtual Task WriteAsync(Effect effect, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>The plain handler.</summary>
internal sealed class PlainNodeHandler(NodeEffects effects) : NodeHandler(HandlerNames.Board, effects);

/// <summary>A handler that writes in the transaction of the event.</summary>
internal abstract class TransactionalNodeHandler(string name, NodeEffects effects, ICallEventTransaction events) : NodeHandler(name, effects)
{
    /// <summary>The names of these handlers.</summary>
    public static readonly IReadOnlyList<string> Names = [HandlerNames.Ledger, HandlerNames.Failing];

    private readonly NodeEffects _effects = effects;

    protected override async Task WriteAsync(Effect effect, CancellationToken cancellationToken)
    {
        var transaction = await events.BeginAsync(cancellationToken);
        if (_effects.Apart is { } apart)
        {
            await using var outside = apart.CreateCommand();
            await InsertAsync(outside, effect, cancellationToken);
            return;
        }

        await using var command = new NpgsqlCommand { Connection = transaction.Connection, Transaction = transaction };
        await InsertAsync(command, effect, cancellationToken);
    }

    private static async Task InsertAsync(NpgsqlCommand command, Effect effect, CancellationToken cancellationToken)
    {
        command.CommandText = CampaignDatabase.InsertEffect;
        command.Parameters.Add(new() { Value = effect.Format() });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>A transactional handler that succeeds.</summary>
internal sealed class LedgerNodeHandler(NodeEffects effects, ICallEventTransaction events) : TransactionalNodeHandler(HandlerNames.Ledger, effects, events);

/// <summary>A transactional handler that fails and rejects as <see cref="FailureProfile"/> decides.</summary>
internal sealed class FailingNodeHandler(NodeEffects effects, ICallEventTransaction events) : TransactionalNodeHandler(HandlerNames.Failing, effects, events);

/// <summary>Where the handlers of a node write.</summary>
/// <param name="File">The effects file.</param>
/// <param name="Faults">The requested faults.</param>
/// <param name="Apart">The database of a node with <see cref="NodeDefect.EffectOutsideTransaction"/>; null for any other.</param>
internal sealed record NodeEffects(EffectsFile File, HandlerFaults Faults, NpgsqlDataSource? Apart);
