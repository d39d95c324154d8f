namespace IncomingCalls.AspNetCore.Tests.Hosting;

internal sealed class DeskForeignHandler(Desk desk) : IForeignNotificationHandler
{
    public async ValueTask HandleAsync(ForeignNotification notification, CancellationToken cancellationToken)
    {
        await desk.OnForeign();
        desk.Add(notification);
    }
}
