using IncomingCalls;

namespace Guides.Adapters;

#region handler
/// <summary>Brings the record of a call, and the item of its caller, to the state of the call. It may run any number of times.</summary>
internal sealed class CrmHandler(ICrmPortals portals, CrmClient crm, CrmCallbacks callbacks, ICallHandlerStore store) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        if (portals.Find(callEvent.Call.Key.IdInstance) is not { } portal)
        {
            return;
        }

        // Null for a hidden number, a group and a linked id whose number is not known: its digits look like a number and are none.
        if (callEvent.Caller.PhoneNumber is { } phone)
        {
            await RecordAsync(portal, callEvent, phone, cancellationToken);
        }

        if (callEvent.Person is { } person)
        {
            await callbacks.UpdateAsync(portal, person, callEvent, cancellationToken);
        }
    }

    private async Task RecordAsync(CrmPortal portal, CallEvent callEvent, string phone, CancellationToken cancellationToken)
    {
        var call = callEvent.Call;
        var id = await OnceAsync(
            HandlerKey.Call(call, "record"),
            callEvent,
            async () => (await crm.FindCallAsync(portal, call.Key, cancellationToken))?.Id,
            async () => await crm.RegisterAsync(portal, call.Key, phone, cancellationToken) ?? "",
            cancellationToken);
        if (id.Length == 0)
        {
            return; // The portal does not know the number, and does not want a contact for it.
        }

        var outcome = CrmOutcome.From(call.Outcome);
        var textKey = HandlerKey.Call(call, "text");
        var text = await OnceAsync(
            textKey,
            callEvent,
            async () => await crm.FindCallAsync(portal, call.Key, cancellationToken) is { IsFinished: true } record ? record.Text : null,
            async () => await crm.FinishAsync(portal, id, outcome, cancellationToken),
            cancellationToken);
        if (text != outcome.Text)
        {
            // Answered on another device after the record was finished. This request can be repeated.
            await crm.ChangeTextAsync(portal, id, outcome.Text, cancellationToken);
            await store.SaveAsync(textKey, outcome.Text, cancellationToken);
        }
    }
    #endregion

    #region once
    /// <summary>Makes a request that must not be repeated, and saves its result. If an earlier attempt may have made it, looks for its effect first.</summary>
    private async Task<string> OnceAsync(
        HandlerKey key, CallEvent callEvent, Func<Task<string?>> find, Func<Task<string>> make, CancellationToken cancellationToken)
    {
        if (await store.GetAsync(key, cancellationToken) is { } known)
        {
            return known;
        }

        var isFirst = await store.TryReserveAsync(key, callEvent.ReceivedAt.AddDays(45), cancellationToken);
        var result = (isFirst ? null : await find()) ?? await make();
        await store.SaveAsync(key, result, cancellationToken);
        return result;
    }
    #endregion
}
