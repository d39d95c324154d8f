using IncomingCalls.Inbox;

namespace IncomingCalls.AspNetCore.Tests.Hosting;

/// <summary>An inbox that claims to be durable, stores everything in lists, and can be made to fail.</summary>
internal sealed class FakeDurableInbox : ICallInbox
{
    private readonly Lock _gate = new();
    private readonly HashSet<string> _keys = [];

    public Exception? WriteFailure { get; set; }

    public List<ReceivedCallNotification> Accepted { get; } = [];

    public List<QuarantineReason> Quarantined { get; } = [];

    public bool IsDurable => true;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask<IntakeResult> AcceptAsync(ReceivedCallNotification received, CancellationToken cancellationToken)
    {
        ThrowIfFailing();
        lock (_gate)
        {
            var isNew = _keys.Add($"{received.Notification.Instance.IdInstance}/{received.Notification.IdMessage}/{received.Notification.RawStatus}");
            if (isNew)
            {
                Accepted.Add(received);
            }

            return new(new IntakeResult { Outcome = isNew ? IntakeOutcome.Stored : IntakeOutcome.Duplicate });
        }
    }

    public ValueTask QuarantineAsync(QuarantinedNotification item, CancellationToken cancellationToken)
    {
        ThrowIfFailing();
        lock (_gate)
        {
            Quarantined.Add(item.Reason);
        }

        return ValueTask.CompletedTask;
    }

    private void ThrowIfFailing()
    {
        if (WriteFailure is not null)
        {
            throw WriteFailure;
        }
    }
}
