using IncomingCalls;
using Microsoft.Extensions.DependencyInjection;

namespace Fragments;

#region handler
/// <summary>Opens a task for each unanswered call, and completes the tasks when the person was spoken to.</summary>
internal sealed class CallbackTasks(ICrm crm, ICallbacks callbacks) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        if (callEvent.Callback is { } closed)
        {
            foreach (var call in closed.Calls)
            {
                await crm.HideAsync($"{call}", cancellationToken);
            }
        }
        // The event of a call can be handled after that of the closing, by a retry for example: then there is nothing to do.
        else if (callEvent.Person is { } person && await callbacks.FindAsync(person, cancellationToken) is { } open && open.Calls.Contains(callEvent.Call.Key))
        {
            await crm.ShowAsync($"{callEvent.Call.Key}", $"Call back {callEvent.Caller.DisplayName}", cancellationToken);
        }
    }
}
#endregion

internal static class CallbackExamples
{
    public static void Register(IIncomingCallsBuilder builder) =>
        #region registration
        builder.AddHandler<CallbackTasks>(handler =>
        {
            handler.Name = "callback-tasks";
            handler.Kinds = [CallEventKind.Missed, CallEventKind.Dropped, CallEventKind.CallbackClosed];
        });
        #endregion

    #region list
    public static async Task ShowAsync(ICallbacks callbacks, CancellationToken cancellationToken)
    {
        OpenCallback? last = null;
        do
        {
            var page = await callbacks.ListAsync(new() { Account = "acme" }, limit: 100, after: last, cancellationToken);
            foreach (var callback in page)
            {
                Console.WriteLine($"{callback.Person.Id}: {callback.Count} calls since {callback.FirstMissedAt:t}, called back {callback.Attempts} times");
            }

            last = page.Count == 100 ? page[^1] : null;
        }
        while (last is not null);
    }
    #endregion

    #region close
    public static async Task OnReplySentAsync(ICallbacks callbacks, Person person, string operatorName, DateTimeOffset sentAt, CancellationToken cancellationToken) =>
        // False when nothing was open, or when the person has called again since.
        await callbacks.CloseAsync(person, by: operatorName, at: sentAt, how: "reply in the chat", cancellationToken);
    #endregion
}
