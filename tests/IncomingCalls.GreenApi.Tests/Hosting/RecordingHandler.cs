namespace IncomingCalls.GreenApi.Tests.Hosting;

internal sealed class RecordingHandler(EventRecorder journal) : ICallEventHandler, IOtherNotificationHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        journal.Record(callEvent);
        await journal.OnEvent(callEvent, cancellationToken);
    }

    public async ValueTask HandleAsync(OtherNotification notification, CancellationToken cancellationToken)
    {
        journal.Record(notification);
        await journal.OnOtherNotification();
    }
}
