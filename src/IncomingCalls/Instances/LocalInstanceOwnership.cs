using IncomingCalls.Inbox;

namespace IncomingCalls.Instances;

/// <summary>The default ownership: this process owns all instances.</summary>
internal sealed class LocalInstanceOwnership(ICallInstances instances) : IInstanceOwnership
{
    public async Task RunAsync(IInstanceWorker worker, CancellationToken stopping)
    {
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                // The token is taken before the instances are read, so that a change in between is not missed.
                var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                using var registration = instances.Watch().RegisterChangeCallback(static changed => ((TaskCompletionSource)changed!).TrySetResult(), changed);
                await worker.SetInstancesAsync(instances.Current, stopping).ConfigureAwait(false);
                await changed.Task.WaitAsync(stopping).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The host stops.
        }
        finally
        {
            await worker.StopAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }
}
