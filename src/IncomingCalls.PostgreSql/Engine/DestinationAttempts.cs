using IncomingCalls.PostgreSql.Storage;

namespace IncomingCalls.PostgreSql.Engine;

/// <summary>Runs attempts; one whose destination is unavailable only as the probe, which one node at a time makes.</summary>
internal sealed class DestinationAttempts(InboxContext context, ClaimedAttempts attempts)
{
    /// <summary>How long after the timeout of the handler another node may probe, because the one that does is gone.</summary>
    private static readonly TimeSpan ProbeReserve = TimeSpan.FromSeconds(30);

    private readonly PauseTable _pauses = new(context.Database.Schema);

    /// <inheritdoc cref="ClaimedAttempts.RunAsync"/>
    public async Task<AttemptEnd> RunAsync(DueDelivery due, bool isSignalled, CancellationToken draining, CancellationToken forceStop)
    {
        if (due.IsNotifier || !context.Pauses.IsPaused(due.Lane))
        {
            return await attempts.RunAsync(due, isSignalled, isProbe: false, draining, forceStop);
        }

        var now = context.Time.GetUtcNow();
        var until = now + context.Runner.GetTimeout(due.HandlerName) + ProbeReserve;
        var isProbe = await _pauses.TryBeginProbeAsync(context.Database.Starts, due.Lane, now, until, draining);
        try
        {
            // Without a probe, the claim finds out whether the pause has ended.
            return await attempts.RunAsync(due, isSignalled, isProbe, draining, forceStop);
        }
        finally
        {
            if (isProbe)
            {
                await _pauses.EndProbeAsync(context.Database.Starts, due.Lane, until);
            }
        }
    }
}
