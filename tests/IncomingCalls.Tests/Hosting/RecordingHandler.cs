namespace IncomingCalls.Tests.Hosting;

internal sealed class RecordingHandler(TestRecorder journal) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        journal.Attempts.AddOrUpdate(callEvent.Id, 1, (_, attempts) => attempts + 1);
        await journal.OnEvent(callEvent, cancellationToken);
        lock (journal.Events)
        {
            journal.Events.Add(callEvent);
        }

        journal.Record($"{callEvent.Kind}");
    }
}
