using IncomingCalls.Inboxes;

namespace IncomingCalls.CrashTests.Desk;

/// <summary>The inbox, with a place to die before and after it.</summary>
internal sealed class MortalInbox(ICallInbox inner, DeathPoints points) : ICallInbox
{
    public bool IsDurable => inner.IsDurable;

    public Task StartAsync(CancellationToken cancellationToken) => inner.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => inner.StopAsync(cancellationToken);

    public async ValueTask<IntakeResult> AcceptAsync(ReceivedCallNotification received, CancellationToken cancellationToken)
    {
        points.Pass(DeathPoints.Storing);
        var result = await inner.AcceptAsync(received, cancellationToken);
        points.Pass(DeathPoints.Stored);
        return result;
    }

    public ValueTask QuarantineAsync(QuarantinedNotification item, CancellationToken cancellationToken) => inner.QuarantineAsync(item, cancellationToken);
}
