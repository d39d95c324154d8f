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
        // The name, or the number as Caller.ToString masks it for logs. Use Caller.DisplayName for display, and Caller.ChatId?.Value for the full id.
        logger.LogInformation("{Kind}: {Caller} ({Id})", callEvent.Kind, callEvent.Caller.Name ?? callEvent.Caller.ToString(), callEvent.Id);
        return ValueTask.CompletedTask;
    }
}
