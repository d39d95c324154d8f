namespace IncomingCalls;

/// <summary>The names of the grain storage providers that the Orleans inbox writes to. The host registers them on its silos.</summary>
public static class OrleansInboxStorage
{
    /// <summary>
    /// The provider of everything that is kept until it is handled or purged: which calls are due, dead letters, quarantine, and
    /// the calls too where <see cref="CallsName"/> is not registered. Its entries must not expire.
    /// </summary>
    public const string Name = "IncomingCalls";

    /// <summary>
    /// The provider of the calls, when they are to be kept apart: one that lets entries expire, a while after the last write and
    /// not before <see cref="OrleansInboxOptions.DeduplicationWindow"/>. Optional.
    /// </summary>
    public const string CallsName = "IncomingCalls.Calls";
}
