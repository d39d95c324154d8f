namespace IncomingCalls;

/// <summary>The names of the grain storage providers of the Orleans inbox. The host registers the providers on its silos.</summary>
public static class OrleansInboxStorage
{
    /// <summary>
    /// The required provider. It stores the wake-up entries of pending calls, dead letters, quarantine, values of handlers, and also the calls when
    /// <see cref="CallsName"/> is not registered. Its entries must not expire.
    /// </summary>
    public const string Name = "IncomingCalls";

    /// <summary>
    /// The optional provider that stores only the calls, for a storage whose entries expire: some time after the last write, and not before
    /// <see cref="OrleansInboxOptions.DeduplicationWindow"/>.
    /// </summary>
    public const string CallsName = "IncomingCalls.Calls";
}
