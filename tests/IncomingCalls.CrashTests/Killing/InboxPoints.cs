using IncomingCalls.Inboxes;

namespace IncomingCalls.CrashTests;

/// <summary>The points at the door of the inbox.</summary>
internal sealed class InboxPoints(ICallInbox inbox, Death death) : ICallInbox
{
    public bool IsDurable => inbox.IsDurable;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        death.Pass(KillPoint.Opening);
        await inbox.StartAsync(cancellationToken);
        death.Pass(KillPoint.Opened);
    }

    public Task WhenOpenAsync(CancellationToken cancellationToken) => inbox.WhenOpenAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => inbox.StopAsync(cancellationToken);

    public async ValueTask<IntakeResult> AcceptAsync(ReceivedCallNotification received, CancellationToken cancellationToken)
    {
        death.Pass(KillPoint.Storing);
        var result = await inbox.AcceptAsync(received, cancellationToken);
        death.Pass(KillPoint.Stored);
        return result;
    }

    public async ValueTask QuarantineAsync(QuarantinedNotification item, CancellationToken cancellationToken)
    {
        death.Pass(KillPoint.Storing);
        await inbox.QuarantineAsync(item, cancellationToken);
        death.Pass(KillPoint.Stored);
    }
}
