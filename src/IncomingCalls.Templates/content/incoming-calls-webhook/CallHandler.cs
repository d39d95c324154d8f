using IncomingCalls;

namespace CallsWebhook;

/// <summary>Put your CRM here. What fails is tried again for hours; Id is the same each time, so that you can recognise a repeat.</summary>
internal sealed class CallHandler(ILogger<CallHandler> logger) : ICallEventHandler
{
    public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        // The caller masks itself in logs; Caller.DisplayName is what to show to people, Caller.ChatId?.Value the full id.
        logger.LogInformation("{Kind}: {Caller} ({Id})", callEvent.Kind, callEvent.Caller, callEvent.Id);
        return ValueTask.CompletedTask;
    }
}
