using IncomingCalls.Inbox;

namespace IncomingCalls.CrashTests;

/// <summary>The points at the door of the inbox.</summary>
internal sealed class InboxCrashPoints(ICallInbox inbox, CrashInjector death) : ICallInbox
{
    public bool IsDurable => inbox.IsDurable;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        death.Reach(CrashLocation.Opening);
        await inbox.StartAsync(cancellationToken);
        death.Reach(CrashLocation.Opened);
    }

    public Task WaitUntilReadyAsync(CancellationToken cancellationToken) => inbox.WaitUntilReadyAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => inbox.StopAsync(cancellationToken);

    public async ValueTask<IntakeResult> AcceptAsync(ReceivedCallNotification received, CancellationToken cancellationToken)
    {
        death.Reach(CrashLocation.Storing);
        var result = await inbox.AcceptAsync(received, cancellationToken);
        death.Reach(CrashLocation.Stored);
        return result;
    }

    public async ValueTask QuarantineAsync(QuarantinedNotification item, CancellationToken cancellationToken)
    {
        death.Reach(CrashLocation.Storing);
        await inbox.QuarantineAsync(item, cancellationToken);
        death.Reach(CrashLocation.Stored);
    }
}

/// <summary>The points around a handler.</summary>
internal sealed class HandlerCrashPoints(CrashInjector death) : ICallEventFilter
{
    public async ValueTask InvokeAsync(CallEventContext context, CallEventDelegate next, CancellationToken cancellationToken)
    {
        death.Reach(CrashLocation.Handling);
        try
        {
            await next(context, cancellationToken);
        }
        finally
        {
            death.Reach(CrashLocation.Handled);
        }
    }
}
