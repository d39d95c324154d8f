using IncomingCalls.Inbox;

namespace IncomingCalls.GreenApi.Tests.Hosting;

/// <summary>An inbox that fails to store the first notifications.</summary>
internal sealed class FailingInbox : ICallInbox
{
    public int Failures { get; set; }

    public int Accepted { get; private set; }

    public bool IsDurable => true;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask<IntakeResult> AcceptAsync(ReceivedCallNotification received, CancellationToken cancellationToken)
    {
        if (Failures-- > 0)
        {
            throw new CallInboxUnavailableException("The disk is full.");
        }

        Accepted++;
        return new(new IntakeResult { Outcome = IntakeOutcome.Stored });
    }

    public ValueTask QuarantineAsync(QuarantinedNotification item, CancellationToken cancellationToken) => default;
}
