using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inbox;

/// <summary>
/// The stored state of a call cannot be read. The store itself is usable: a notification of such a call is quarantined, so that it does not block
/// the notifications behind it.
/// </summary>
[Experimental("ICEXP001")]
public sealed class UnreadableCallException : CallInboxUnavailableException
{
    /// <summary>Initializes the exception.</summary>
    /// <param name="key">The key of the call.</param>
    /// <param name="message">Where the state is stored and why it cannot be read, without personal data.</param>
    public UnreadableCallException(CallKey key, string message)
        : base(message) => Key = key;

    /// <summary>The key of the call.</summary>
    public CallKey Key { get; }
}
