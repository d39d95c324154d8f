using Orleans;
using Orleans.Runtime;

namespace IncomingCalls.LoadTests;

/// <summary>Writes its state twice per request, and keeps no promise beyond that.</summary>
internal sealed class BareCallGrain([PersistentState("call", LoadSilo.Storage)] IPersistentState<BareCall> state, HandledCount handled) : Grain, IBareCallGrain
{
    public async Task TakeAsync(string status, string from, long timestamp)
    {
        state.State.From = from;
        state.State.Statuses.Add(status);
        state.State.Timestamp = timestamp;
        await state.WriteStateAsync();
        handled.Add();
        state.State.Handled++;
        await state.WriteStateAsync();
    }
}
