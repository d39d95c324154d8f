namespace IncomingCalls.Testing.Instances;

/// <summary>Waits until queues are empty.</summary>
internal static class QueueDrain
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Waits until the queue of every instance is empty.</summary>
    /// <param name="instances">Gets the instances. Called after each change, because instances are added and removed.</param>
    /// <param name="timeout">The maximum time to wait, in real time; null for 30 seconds.</param>
    /// <param name="cancellationToken">The token that cancels the wait.</param>
    /// <returns>A task that completes when all queues are empty.</returns>
    /// <exception cref="TimeoutException">A queue is not empty.</exception>
    public static async Task WaitAsync(
        Func<IReadOnlyCollection<SimulatedInstance>> instances, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var limit = timeout ?? DefaultTimeout;
        using var timeoutOrCancelled = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // Real time, because the clock of the simulator may not advance: this limits the duration of a test.
        timeoutOrCancelled.CancelAfter(limit);
        while (NextChange(instances()) is { } change)
        {
            try
            {
                await change.WaitAsync(timeoutOrCancelled.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                var waiting = string.Join(" ", instances().Where(instance => !instance.Queue.IsEmpty).Select(Describe));
                throw new TimeoutException($"Notifications were not acknowledged within {limit.TotalSeconds} s. {waiting}");
            }
        }
    }

    /// <summary>Gets a task that completes with the next change of the first queue that is not empty; null when all queues are empty.</summary>
    private static Task? NextChange(IReadOnlyCollection<SimulatedInstance> instances)
    {
        foreach (var queue in instances.Select(instance => instance.Queue))
        {
            // Read before the check, so that a change in between is not missed.
            var change = queue.Changed;
            if (!queue.IsEmpty)
            {
                return change;
            }
        }

        return null;
    }

    /// <summary>Describes a queue by types and counts, without the bodies, which contain phone numbers.</summary>
    private static string Describe(SimulatedInstance instance)
    {
        var waiting = instance.Queue.Unacknowledged;
        var types = string.Join(", ", waiting.CountBy(notification => notification.TypeWebhook ?? "unreadable").Select(count => $"{count.Value} {count.Key}"));
        return $"Instance {instance.IdInstance} has {types} in its queue; the first notification was delivered {(waiting is [var first, ..] ? first.Deliveries.Count : 0)} times.";
    }
}
