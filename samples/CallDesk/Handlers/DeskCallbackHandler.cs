using CallDesk.Store;
using IncomingCalls;

namespace CallDesk.Handlers;

/// <summary>Announces to the open pages that callbacks were opened, tried or closed. The inbox has stored that before the event, so there is nothing to write.</summary>
internal sealed class DeskCallbackHandler(IDeskWriter writer) : ICallEventHandler
{
    /// <summary>Selects the events after which the list is different. A call that is answered changes it only if it closes a callback, of which there is an event.</summary>
    public static void Configure(CallHandlerOptions options)
    {
        options.Kinds = [CallEventKind.Missed, CallEventKind.Dropped, CallEventKind.NotAnswered, CallEventKind.Failed, CallEventKind.CallbackClosed];
        options.Directions = [CallDirection.Incoming, CallDirection.Outgoing];
    }

    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken) =>
        await writer.WriteAsync(DeskChange.Callbacks, static () => Task.CompletedTask, cancellationToken);
}
