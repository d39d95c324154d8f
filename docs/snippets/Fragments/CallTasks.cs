using IncomingCalls;

namespace Fragments;

#region store
/// <summary>Creates one task for each missed call, and sends the caller one text message a day.</summary>
internal sealed class CallTasks(ICallHandlerStore store, ITaskApi tasks, ITextMessages messages) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        var key = HandlerKey.Call(callEvent.Call, "task");
        if (await store.GetAsync(key, cancellationToken) is null)
        {
            var id = await tasks.CreateAsync($"Call back {callEvent.Caller.DisplayName}", cancellationToken);
            // Saved when the call returns: a later attempt finds it even if this process ends on the next line.
            await store.SaveAsync(key, id, cancellationToken);
        }

        // A message cannot be taken back, so the key is reserved before it is sent. Of several calls at once, one sends it.
        if (callEvent is { Person: { } person, Caller.PhoneNumber: { } phone }
            && await store.TryReserveAsync(HandlerKey.Person(person, "text message"), callEvent.OccurredAt.AddDays(1), cancellationToken))
        {
            await messages.SendAsync(phone, "We will call you back today.", cancellationToken);
        }
    }
}
#endregion

internal interface ITaskApi
{
    Task<string> CreateAsync(string title, CancellationToken cancellationToken);
}

internal interface ITextMessages
{
    Task SendAsync(string to, string text, CancellationToken cancellationToken);
}
