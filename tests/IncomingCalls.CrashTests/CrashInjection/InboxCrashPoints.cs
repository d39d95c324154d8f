using IncomingCalls.Inbox;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.CrashTests;

/// <summary>The crash points before and after each call of the inbox.</summary>
internal sealed class InboxCrashPoints(ICallInbox inbox, CrashInjector injector) : ICallInbox
{
    public bool IsDurable => inbox.IsDurable;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        injector.Reach(CrashLocation.Opening);
        await inbox.StartAsync(cancellationToken);
        injector.Reach(CrashLocation.Opened);
    }

    public Task WaitUntilReadyAsync(CancellationToken cancellationToken) => inbox.WaitUntilReadyAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken) => inbox.StopAsync(cancellationToken);

    public async ValueTask<IntakeResult> AcceptAsync(ReceivedCallNotification received, CancellationToken cancellationToken)
    {
        injector.Reach(CrashLocation.Storing);
        var result = await inbox.AcceptAsync(received, cancellationToken);
        injector.Reach(CrashLocation.Stored);
        return result;
    }

    public async ValueTask QuarantineAsync(QuarantinedNotification item, CancellationToken cancellationToken)
    {
        injector.Reach(CrashLocation.Storing);
        await inbox.QuarantineAsync(item, cancellationToken);
        injector.Reach(CrashLocation.Stored);
    }
}

/// <summary>The crash points before and after a handler. Also passes the event to the chat recorder, which gets only its record.</summary>
internal sealed class HandlerCrashPoints(CrashInjector injector) : ICallEventFilter
{
    public async ValueTask InvokeAsync(CallEventContext context, CallEventDelegate next, CancellationToken cancellationToken)
    {
        injector.Reach(CrashLocation.Handling);
        if (context.HandlerName == HandlerNames.Chat)
        {
            context.Services.GetRequiredService<CurrentEvent>().Value = context.Event;
            if (context.Event.Caller.Name is null)
            {
                injector.Reach(CrashLocation.NameMissing);
            }
        }

        try
        {
            await next(context, cancellationToken);
        }
        finally
        {
            injector.Reach(CrashLocation.Handled);
        }
    }
}
