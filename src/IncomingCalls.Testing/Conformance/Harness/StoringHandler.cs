namespace IncomingCalls.Testing.Conformance.Harness;

/// <summary>What a handler that uses the store has in one attempt.</summary>
internal sealed record StoringContext(string Handler, CallEvent Event, ICallHandlerStore Store)
{
    /// <summary>The key of a value of the call.</summary>
    public HandlerKey Key => HandlerKey.Call(Event.Call);
}

/// <summary>A handler that runs <see cref="HandlerRecorder.StoringBehavior"/> and then records an entry.</summary>
internal abstract class StoringHandler(string name, HandlerRecorder recorder, ICallHandlerStore store) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        await recorder.StoringBehavior(new(name, callEvent, store), cancellationToken).ConfigureAwait(false);
        recorder.Record($"{name} {callEvent.Kind} {callEvent.Call.Key.IdMessage}", callEvent);
    }
}

/// <summary>The first of two handlers.</summary>
internal sealed class FirstStoringHandler(HandlerRecorder recorder, ICallHandlerStore store) : StoringHandler(FirstHandler.Name, recorder, store);

/// <summary>The second of two handlers.</summary>
internal sealed class SecondStoringHandler(HandlerRecorder recorder, ICallHandlerStore store) : StoringHandler(SecondHandler.Name, recorder, store);

/// <summary>Saves the text of each record under the key of its call, and an alert under that of its person; records what it finds.</summary>
internal sealed class StoringChat(HandlerRecorder recorder, ICallHandlerStore store) : IChatRecorder, IOperatorNotifier
{
    public ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken) => SaveAsync("raise", HandlerKey.Person(alert.Person!), cancellationToken);

    public ValueTask WithdrawAsync(OperatorAlert alert, CancellationToken cancellationToken) => SaveAsync("withdraw", HandlerKey.Person(alert.Person!), cancellationToken);

    public ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken) => SaveAsync($"record {record.Label}", HandlerKey.Call(record.Call), cancellationToken);

    private async ValueTask SaveAsync(string action, HandlerKey key, CancellationToken cancellationToken)
    {
        var before = await store.GetAsync(key, cancellationToken).ConfigureAwait(false);
        await store.SaveAsync(key, action, cancellationToken).ConfigureAwait(false);
        recorder.Record($"{action} after {before ?? "nothing"}");
    }
}
