using Orleans;
using Orleans.Runtime;

namespace IncomingCalls.LoadTests;

/// <summary>Writes its state twice per request, and keeps no promise beyond that.</summary>
internal sealed class BaselineCallGrain([PersistentState("call", LoadSilo.StorageName)] IPersistentState<BaselineCallState> state, HandledCounter handled) : Grain, IBaselineCallGrain
{
    public async Task HandleAsync(string status, string from, long timestamp)
    {
        state.State.From = from;
        state.State.Statuses.Add(status);
        state.State.Timestamp = timestamp;
        await state.WriteStateAsync();
        handled.Add();
        state.State.HandledCount++;
        await state.WriteStateAsync();
    }
}
