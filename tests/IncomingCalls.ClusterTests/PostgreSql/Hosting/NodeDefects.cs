using IncomingCalls.Inbox;

namespace IncomingCalls.ClusterTests;

/// <summary>The inbox of a node with <see cref="NodeDefect.ForgottenNotification"/>.</summary>
internal sealed class ForgetfulInbox(ICallInbox inbox) : ICallInbox
{
    public bool IsDurable => inbox.IsDurable;

    public Task StartAsync(CancellationToken cancellationToken) => inbox.StartAsync(cancellationToken);

    public Task WaitUntilReadyAsync(CancellationToken cancellationToken) => inbox.WaitUntilReadyAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => inbox.StopAsync(cancellationToken);

    public async ValueTask<IntakeResult> AcceptAsync(ReceivedCallNotification received, CancellationToken cancellationToken) =>
        Random.Shared.Next(50) == 0 ? new() { Outcome = IntakeOutcome.Stored } : await inbox.AcceptAsync(received, cancellationToken);

    public ValueTask QuarantineAsync(QuarantinedNotification item, CancellationToken cancellationToken) => inbox.QuarantineAsync(item, cancellationToken);
}

/// <summary>The filter of a node with <see cref="NodeDefect.IgnoredClaim"/>.</summary>
internal sealed class DoubledAttempts : ICallEventFilter
{
    public async ValueTask InvokeAsync(CallEventContext context, CallEventDelegate next, CancellationToken cancellationToken)
    {
        await next(context, cancellationToken);
        if (Random.Shared.Next(50) == 0)
        {
            await next(context, cancellationToken);
        }
    }
}
