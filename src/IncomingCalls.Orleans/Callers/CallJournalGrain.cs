using IncomingCalls.Inbox;
using IncomingCalls.Orleans.Cluster;
using IncomingCalls.Orleans.Serialization;
using Orleans.Concurrency;
using Orleans.Placement;

namespace IncomingCalls.Orleans.Callers;

/// <summary>
/// Asks the call journal of one instance, on the silo that also polls it. The answers are cached in the memory of a process, and GREEN-API limits the requests per instance, so there is one
/// grain per instance.
/// </summary>
[Reentrant]
[PartitionPlacement]
[Immovable]
[GrainType(Type)]
internal sealed class CallJournalGrain(IGrainContext grainContext, IMissingOutcomeResolver resolver) : IGrainBase, ICallJournalGrain
{
    public const string Type = "incoming-calls.journal";

    public IGrainContext GrainContext { get; } = grainContext;

    public async Task<JsonPayload> ResolveAsync(JsonPayload missing)
    {
        var model = missing.ToModel<MissingOutcome>();
        return JsonPayload.FromModel(await Task.Run(() => resolver.ResolveAsync(model, CancellationToken.None).AsTask()));
    }
}

/// <summary>The only grain of the cluster that asks the call journal of an instance. The key is the <c>idInstance</c>.</summary>
[Alias("IncomingCalls.ICallJournalGrain")]
internal interface ICallJournalGrain : IGrainWithIntegerKey
{
    /// <summary>Looks for a call.</summary>
    /// <returns>A task whose result is what was found, or when to ask again.</returns>
    [Alias("Resolve")]
    [ResponseTimeout("00:02:00")]
    Task<JsonPayload> ResolveAsync(JsonPayload missing);
}

/// <summary>Finds missing outcomes through the <see cref="CallJournalGrain"/> of the instance.</summary>
/// <param name="grains">The factory of grain references.</param>
/// <param name="local">The resolver of this silo, which is configured as those of all silos.</param>
internal sealed class ClusterOutcomeResolver(IGrainFactory grains, IMissingOutcomeResolver local) : IMissingOutcomeResolver
{
    public TimeSpan MinDelay => local.MinDelay;

    public bool Covers(long idInstance) => local.Covers(idInstance);

    public async ValueTask<OutcomeResolution> ResolveAsync(MissingOutcome missing, CancellationToken cancellationToken)
    {
        try
        {
            var resolution = await grains.GetGrain<ICallJournalGrain>(missing.Call.Key.IdInstance).ResolveAsync(JsonPayload.FromModel(missing)).WaitAsync(cancellationToken);
            return resolution.ToModel<OutcomeResolution>();
        }
        catch (Exception e) when (e is OrleansException or TimeoutException or CallInboxUnavailableException && !cancellationToken.IsCancellationRequested)
        {
            // The silo of the instance is gone, or cannot reach its storage. Another one takes over.
            return new() { IsPostponed = true };
        }
    }
}
