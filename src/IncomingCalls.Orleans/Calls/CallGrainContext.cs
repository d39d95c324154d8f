using IncomingCalls.Inboxes;
using Microsoft.Extensions.Logging;

namespace IncomingCalls;

/// <summary>What all calls of a silo share; thousands of them keep one reference each.</summary>
internal sealed class CallGrainContext(
    InboxServices services, InboxStates states, DueBuckets buckets, IGrainFactory grains, TimeProvider time, ILogger<OrleansInbox> logger)
{
    public InboxServices Services { get; } = services;

    public InboxStates States { get; } = states;

    public DueBuckets Buckets { get; } = buckets;

    public IGrainFactory Grains { get; } = grains;

    public TimeProvider Time { get; } = time;

    public ILogger Logger { get; } = logger;
}
