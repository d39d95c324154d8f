
namespace IncomingCalls.Testing.Instances;

/// <summary>Waits until nothing waits any more.</summary>
internal static class QueueDrain
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Completes when the queue of every instance is empty.</summary>
    /// <param name="instances">The instances, asked for again after each change, because they come and go.</param>
    /// <param name="timeout">How long to wait, in real time; null for 30 seconds.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">Something still waits.</exception>
    public static async Task WaitAsync(
        Func<IReadOnlyCollection<SimulatedInstance>> instances, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var limit = timeout ?? DefaultTimeout;
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // Real time, also where the clock of the simulator stands still: this is the patience of a test.
        over.CancelAfter(limit);
        while (NextChange(instances()) is { } change)
        {
            try
            {
                await change.WaitAsync(over.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                var waiting = string.Join("; ", instances().Where(instance => !instance.Queue.IsEmpty).Select(Describe));
                throw new TimeoutException($"Not handled after {limit.TotalSeconds} s: {waiting}.");
            }
        }
    }

    /// <summary>Completes when something changes in the first queue that is not empty; null when all are.</summary>
    private static Task? NextChange(IReadOnlyCollection<SimulatedInstance> instances)
    {
        foreach (var queue in instances.Select(instance => instance.Queue))
        {
            // Taken before the look, so that a change in between is not missed.
            var change = queue.Changed;
            if (!queue.IsEmpty)
            {
                return change;
            }
        }

        return null;
    }

    /// <summary>Types and counts, and nothing of the bodies: they hold phone numbers.</summary>
    private static string Describe(SimulatedInstance instance)
    {
        var waiting = instance.Queue.Unacknowledged;
        var types = string.Join(", ", waiting.CountBy(notification => notification.TypeWebhook ?? "unreadable").Select(count => $"{count.Value} {count.Key}"));
        return $"instance {instance.IdInstance} waits with {types}, the first of them handed out {(waiting is [var first, ..] ? first.Deliveries.Count : 0)} times";
    }
}
