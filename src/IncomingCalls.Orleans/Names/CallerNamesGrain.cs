using IncomingCalls.Inboxes;
using Orleans.Concurrency;
using Orleans.Placement;

namespace IncomingCalls;

/// <summary>
/// Looks names up on the silo that also polls the instance. GREEN-API rations look-ups per instance, and the line where they wait is in
/// the memory of a process: so there is one.
/// </summary>
[Reentrant]
[PartitionPlacement]
[Immovable]
[GrainType(Type)]
internal sealed class CallerNamesGrain(IGrainContext grainContext, InboxServices services) : IGrainBase, ICallerNamesGrain
{
    public const string Type = "incoming-calls.names";

    /// <summary>Those who ask about the same caller share the answer.</summary>
    private readonly Dictionary<(ChatId, bool), Task<CallerName?>> _lookups = [];

    public IGrainContext GrainContext { get; } = grainContext;

    public async Task<JsonPayload?> ResolveAsync(JsonPayload query)
    {
        var asked = query.ToModel<CallerNameQuery>();
        var key = (asked.ChatId, asked.IsRinging);
        if (!_lookups.TryGetValue(key, out var asking))
        {
            _lookups[key] = asking = Task.Run(() => services.ResolveFallbackCallerNameAsync(asked, CancellationToken.None).AsTask());
        }

        try
        {
            return await asking is { } name ? JsonPayload.FromModel(name) : null;
        }
        finally
        {
            _lookups.Remove(key);
        }
    }
}
