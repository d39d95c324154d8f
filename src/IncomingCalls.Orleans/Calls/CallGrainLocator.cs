using IncomingCalls.Orleans.GrainInterfaces;

namespace IncomingCalls.Orleans.Calls;

/// <summary>
/// Finds the grain of a call. What kind of grain the interface means is found out once, since that costs a quarter of what calling it does.
/// Safe to use from any thread.
/// </summary>
internal sealed class CallGrainLocator
{
    private GrainReference? _resolved;

    /// <param name="grains">The way to the grains.</param>
    /// <param name="call">The call.</param>
    public ICallGrain Find(IGrainFactory grains, CallKey call)
    {
        var key = call.ToString();
        if (_resolved is { } known)
        {
            return (ICallGrain)grains.GetGrain(GrainId.Create(known.GrainId.Type, key), known.InterfaceType);
        }

        var grain = grains.GetGrain<ICallGrain>(key);
        _resolved = (GrainReference)grain;
        return grain;
    }
}
