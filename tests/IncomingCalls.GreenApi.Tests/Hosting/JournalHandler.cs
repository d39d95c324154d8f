namespace IncomingCalls.GreenApi.Tests.Hosting;

internal sealed class JournalHandler(Journal journal) : ICallEventHandler, IForeignNotificationHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        journal.Add(callEvent);
        await journal.OnEvent(callEvent, cancellationToken);
    }

    public async ValueTask HandleAsync(ForeignNotification notification, CancellationToken cancellationToken)
    {
        journal.Add(notification);
        await journal.OnForeign();
    }
}
