using IncomingCalls.Inboxes;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace IncomingCalls;

/// <summary>What all calls of a silo share; thousands of them keep one reference each.</summary>
internal sealed class CallGrainContext(
    InboxServices services,
    InboxStates states,
    DueBuckets buckets,
    DueEntries entries,
    DueReports reports,
    SiloPulse pulse,
    IGrainFactory grains,
    TimeProvider time,
    ILogger<OrleansInbox> logger,
    IHostApplicationLifetime? lifetime = null)
{
    public InboxServices Services { get; } = services;

    public InboxStates States { get; } = states;

    public DueBuckets Buckets { get; } = buckets;

    public DueEntries Entries { get; } = entries;

    public DueReports Reports { get; } = reports;

    public SiloPulse Pulse { get; } = pulse;

    public IGrainFactory Grains { get; } = grains;

    public TimeProvider Time { get; } = time;

    public ILogger Logger { get; } = logger;

    /// <summary>
    /// Signalled when the host stops, which is a while before Orleans lets the grains go: nothing new is begun from here on, since another
    /// silo can finish what this one might have to cut short.
    /// </summary>
    public CancellationToken Stopping { get; } = lifetime?.ApplicationStopping ?? CancellationToken.None;
}
