using IncomingCalls.Inboxes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls;

/// <summary>The background work of the core: follows the instances, opens the inbox, and closes it when the host stops.</summary>
internal sealed class IncomingCallsService(
    CallInstances instances, ICallInbox inbox, ILogger<IncomingCallsService> logger) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _following = Task.CompletedTask;

    /// <summary>When it returns the instances are known and the inbox is there, so that no transport starts before.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await instances.LoadAsync(cancellationToken).ConfigureAwait(false);
        await inbox.StartAsync(cancellationToken).ConfigureAwait(false);
        _following = FollowAsync();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await _following.ConfigureAwait(false);
        await inbox.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task FollowAsync()
    {
        try
        {
            await instances.FollowAsync(_stopping.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The host stops.
        }
        catch (Exception e)
        {
            logger.BackgroundEnded(e);
        }
    }
}
