namespace IncomingCalls.Sqlite.Tests.Acknowledgement;

internal sealed class ScriptedOtherNotificationHandler(AcknowledgementScript script) : IOtherNotificationHandler
{
    public async ValueTask HandleAsync(OtherNotification notification, CancellationToken cancellationToken)
    {
        script.OtherNotificationAttempts++;
        await script.OnOtherNotification();
    }
}
