namespace IncomingCalls.AspNetCore.Tests.Hosting;

internal sealed class RecordingOtherNotificationHandler(EventRecorder desk) : IOtherNotificationHandler
{
    public async ValueTask HandleAsync(OtherNotification notification, CancellationToken cancellationToken)
    {
        await desk.OnOtherNotification();
        desk.Record(notification);
    }
}
