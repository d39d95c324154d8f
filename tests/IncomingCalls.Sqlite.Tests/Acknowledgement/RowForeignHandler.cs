namespace IncomingCalls.Sqlite.Tests.Acknowledgement;

internal sealed class RowForeignHandler(RowScript script) : IForeignNotificationHandler
{
    public async ValueTask HandleAsync(ForeignNotification notification, CancellationToken cancellationToken)
    {
        script.ForeignAttempts++;
        await script.Foreign();
    }
}
