namespace IncomingCalls;

/// <summary>The unanswered calls of a person since the person was last spoken to: what <see cref="OpenCallback"/> and <see cref="ClosedCallback"/> have in common.</summary>
public abstract class PersonCallback
{
    private protected PersonCallback()
    {
    }

    /// <summary>The person who has called.</summary>
    public required Person Person { get; init; }

    /// <summary>When the first of the calls was missed or rejected, in UTC.</summary>
    public required DateTimeOffset FirstMissedAt { get; init; }

    /// <summary>When the last of the calls was missed or rejected, in UTC.</summary>
    public required DateTimeOffset LastMissedAt { get; init; }

    /// <summary>The number of unanswered calls, at least 1. It can be larger than the number of <see cref="Calls"/>.</summary>
    public required int Count { get; init; }

    /// <summary>The unanswered calls, oldest first: the first one and the newest 50.</summary>
    public required IReadOnlyList<CallKey> Calls { get; init; }

    /// <summary>The instances that <see cref="Calls"/> came in on, in ascending order.</summary>
    public required IReadOnlyList<long> IdInstances { get; init; }

    /// <summary>The number of outgoing calls since <see cref="FirstMissedAt"/> that the person did not answer, 0 to 50.</summary>
    public int Attempts { get; init; }

    /// <summary>When the last of these outgoing calls ended, in UTC; null when there was none.</summary>
    public DateTimeOffset? LastAttemptAt { get; init; }
}

/// <summary>
/// A person who has called, was not answered, and was not spoken to since. It is removed 14 days after its last call or attempt. See <see cref="ICallbacks"/>.
/// </summary>
public sealed class OpenCallback : PersonCallback
{
    /// <summary>The number of the person in this inbox, which marks a position in <see cref="ICallbacks.ListAsync"/>. It says nothing about the person.</summary>
    public required long Id { get; init; }

    /// <summary>When the callback is removed unless another call or attempt extends it, in UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>A callback that has ended; what an event of the kind <see cref="CallEventKind.CallbackClosed"/> is about.</summary>
public sealed class ClosedCallback : PersonCallback
{
    /// <summary>What has closed the callback.</summary>
    public required CallbackClosing How { get; init; }

    /// <summary>When the person was spoken to, in UTC: the time of the answered call, or the time that the host has passed to <see cref="ICallbacks.CloseAsync"/>.</summary>
    public required DateTimeOffset ClosedAt { get; init; }

    /// <summary>The answered call; null when the host has closed the callback.</summary>
    public CallKey? ClosingCall { get; init; }

    /// <summary>Who has closed the callback, as passed to <see cref="ICallbacks.CloseAsync"/>; null when it was an answered call, or when that is not known.</summary>
    public string? By { get; init; }

    /// <summary>The text about how the person was reached, as passed to <see cref="ICallbacks.CloseAsync"/>; null when there is none.</summary>
    public string? Note { get; init; }
}

/// <summary>What closes a callback.</summary>
public enum CallbackClosing
{
    /// <summary>The person called again, and the call was answered on any instance of the account.</summary>
    Answered = 0,

    /// <summary>An outgoing call to the person was answered.</summary>
    CalledBack,

    /// <summary>The host has closed it with <see cref="ICallbacks.CloseAsync"/>, for example for a call of a PBX or for a reply in a chat.</summary>
    Closed,
}
