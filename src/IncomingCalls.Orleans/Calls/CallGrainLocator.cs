using IncomingCalls.Orleans.GrainInterfaces;

namespace IncomingCalls.Orleans.Calls;

/// <summary>
/// Gets references to call grains. The grain type of the interface is resolved once, because resolving it costs a quarter of a call.
/// Safe to use from any thread.
/// </summary>
internal sealed class CallGrainLocator
{
    private GrainReference? _resolved;

    /// <summary>Gets the grain of a call.</summary>
    /// <param name="grains">The factory of grain references.</param>
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
