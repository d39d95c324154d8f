using IncomingCalls.Inbox;
using IncomingCalls.Orleans.Cluster;
using IncomingCalls.Orleans.Storage;
using IncomingCalls.Orleans.Telemetry;
using IncomingCalls.Orleans.WakeUps;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Orleans.Calls;

/// <summary>What all calls of a silo share; thousands of them keep one reference each.</summary>
internal sealed class CallGrainContext(
    InboxServices services,
    GrainStateFactory states,
    WakeUpBuckets buckets,
    WakeUpEntryWriter entries,
    WakeUpEntryUpdateBuffer reports,
    SiloLivenessGuard pulse,
    IGrainFactory grains,
    TimeProvider time,
    ILogger<OrleansInboxLogCategory> logger,
    IHostApplicationLifetime? lifetime = null)
{
    public InboxServices Services { get; } = services;

    public GrainStateFactory StateFactory { get; } = states;

    public WakeUpBuckets Buckets { get; } = buckets;

    public WakeUpEntryWriter EntryWriter { get; } = entries;

    public WakeUpEntryUpdateBuffer EntryUpdates { get; } = reports;

    public SiloLivenessGuard Liveness { get; } = pulse;

    public IGrainFactory Grains { get; } = grains;

    public TimeProvider Time { get; } = time;

    public ILogger Logger { get; } = logger;

    /// <summary>
    /// Signalled when the host stops, which is a while before Orleans lets the grains go: nothing new is begun from here on, since another
    /// silo can finish what this one might have to cut short.
    /// </summary>
    public CancellationToken Stopping { get; } = lifetime?.ApplicationStopping ?? CancellationToken.None;
}
