using IncomingCalls.Inbox;
using IncomingCalls.Orleans.Callers;
using IncomingCalls.Orleans.Cluster;
using IncomingCalls.Orleans.Destinations;
using IncomingCalls.Orleans.Erasure;
using IncomingCalls.Orleans.Storage;
using IncomingCalls.Orleans.Telemetry;
using IncomingCalls.Orleans.WakeUps;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Orleans.Calls;

/// <summary>The dependencies that all call grains of a silo share, so that each of thousands of grains stores one reference.</summary>
internal sealed class CallGrainServices(
    CallTransitions transitions,
    AttemptRunner runner,
    InboxCallerNames names,
    GrainStateFactory stateFactory,
    WakeUpBuckets buckets,
    WakeUpEntryAppender entryWriter,
    WakeUpEntryUpdateBuffer entryUpdates,
    SiloLivenessGuard liveness,
    DestinationGate destinations,
    ClusterErasures erasures,
    ICallInstances instances,
    IGrainFactory grains,
    TimeProvider time,
    ILogger<OrleansInboxLogCategory> logger,
    IMissingOutcomeResolver? outcomes = null,
    IHostApplicationLifetime? lifetime = null)
{
    public CallTransitions Transitions { get; } = outcomes is null ? transitions : transitions.WithOutcomes(new ClusterOutcomeResolver(grains, outcomes));

    public AttemptRunner Runner { get; } = runner;

    public InboxCallerNames Names { get; } = names;

    public GrainStateFactory StateFactory { get; } = stateFactory;

    public WakeUpBuckets Buckets { get; } = buckets;

    public WakeUpEntryAppender EntryWriter { get; } = entryWriter;

    public WakeUpEntryUpdateBuffer EntryUpdates { get; } = entryUpdates;

    public SiloLivenessGuard Liveness { get; } = liveness;

    public DestinationGate Destinations { get; } = destinations;

    public ClusterErasures Erasures { get; } = erasures;

    public ICallInstances Instances { get; } = instances;

    public IGrainFactory Grains { get; } = grains;

    public TimeProvider Time { get; } = time;

    public ILogger Logger { get; } = logger;

    /// <summary>
    /// Signaled when the host stops, which is before Orleans deactivates the grains. No new task is started from then on, because another silo
    /// can finish it without an interruption.
    /// </summary>
    public CancellationToken Stopping { get; } = lifetime?.ApplicationStopping ?? CancellationToken.None;
}
