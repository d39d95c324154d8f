using IncomingCalls;

namespace CallsWorker;

/// <summary>
/// Write the call to your CRM here. Events are handled at least once, and failed attempts are retried for hours: make the handler
/// idempotent, with <see cref="CallEvent.Id"/> as the idempotency key.
/// </summary>
internal sealed class CallHandler(ILogger<CallHandler> logger) : ICallEventHandler
{
    public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        // Caller masks the phone number in logs. Use Caller.DisplayName for display, and Caller.ChatId?.Value for the full id.
        logger.LogInformation("{Kind}: {Caller} ({Id})", callEvent.Kind, callEvent.Caller, callEvent.Id);
        return ValueTask.CompletedTask;
    }
}
