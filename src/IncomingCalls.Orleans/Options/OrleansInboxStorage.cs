namespace IncomingCalls;

/// <summary>The names of the grain storage providers of the Orleans inbox. The host registers the providers on its silos.</summary>
public static class OrleansInboxStorage
{
    /// <summary>
    /// The required provider. It stores the wake-up entries of pending calls, pauses, dead letters, quarantine, the index of open callbacks, and also the calls, the values of handlers and the persons
    /// when <see cref="CallsName"/> and <see cref="HandlerValuesName"/> are not registered. Its entries must not expire.
    /// </summary>
    public const string Name = "IncomingCalls";

    /// <summary>
    /// The optional provider that stores only the calls, for a storage whose entries expire: some time after the last write, and not before
    /// <see cref="OrleansInboxOptions.DeduplicationWindow"/>.
    /// </summary>
    public const string CallsName = "IncomingCalls.Calls";

    /// <summary>
    /// The optional provider that stores only the values of handlers and the persons with their callbacks, for a storage whose entries expire some time after the last write: not before the longest time for which a
    /// handler saves values, 45 days by default, and <see cref="OrleansInboxOptions.DeadLetterRetention"/>.
    /// </summary>
    public const string HandlerValuesName = "IncomingCalls.HandlerValues";
}
