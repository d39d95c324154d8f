using System.Collections.Frozen;

namespace IncomingCalls;

/// <summary>The instances as read at one moment.</summary>
internal sealed class InstanceSnapshot(IEnumerable<CallInstance> instances)
{
    public static InstanceSnapshot Empty { get; } = new([]);

    public FrozenDictionary<long, CallInstance> ById { get; } =
        instances.DistinctBy(instance => instance.IdInstance).ToFrozenDictionary(instance => instance.IdInstance);
}
