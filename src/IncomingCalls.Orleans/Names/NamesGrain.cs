using IncomingCalls.Inboxes;
using Orleans.Concurrency;
using Orleans.Placement;

namespace IncomingCalls;

/// <summary>
/// Looks names up on the silo that also polls the instance. GREEN-API rations look-ups per instance, and the line where they wait is in
/// the memory of a process: so there is one.
/// </summary>
[Reentrant]
[SharePlacement]
[Immovable]
[GrainType(Type)]
internal sealed class NamesGrain(IGrainContext grainContext, InboxServices services) : IGrainBase, INamesGrain
{
    public const string Type = "incoming-calls.names";

    /// <summary>Those who ask about the same caller share the answer.</summary>
    private readonly Dictionary<(ChatId, bool), Task<CallerName?>> _underWay = [];

    public IGrainContext GrainContext { get; } = grainContext;

    public async Task<WireForm?> AskAsync(WireForm query)
    {
        var asked = query.Read<CallerNameQuery>();
        var key = (asked.ChatId, asked.IsRinging);
        if (!_underWay.TryGetValue(key, out var asking))
        {
            _underWay[key] = asking = Task.Run(() => services.AskLastResortAsync(asked, CancellationToken.None).AsTask());
        }

        try
        {
            return await asking is { } name ? WireForm.Of(name) : null;
        }
        finally
        {
            _underWay.Remove(key);
        }
    }
}
