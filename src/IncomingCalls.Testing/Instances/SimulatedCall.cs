using IncomingCalls.Testing.Instances;

namespace IncomingCalls.Testing;

/// <summary>A call as a script plays it. Each step sends one notification, unless a quirk says otherwise.</summary>
/// <remarks>Documented: nothing is sent while the setting <c>incomingCallWebhook</c> is off. Assumed: nor while the instance restarts.</remarks>
public sealed class SimulatedCall
{
    private readonly CallNotificationSender _sender;

    internal SimulatedCall(SimulatedInstance instance, string idMessage, string? from, SimulatedCallOptions options, TimeProvider time)
    {
        _sender = new(instance, idMessage, from, options, time);
        IdMessage = idMessage;
        From = from;
    }

    /// <summary>The id of the call.</summary>
    public string IdMessage { get; }

    /// <summary>Who rings.</summary>
    public string? From { get; }

    /// <summary>It rings: <c>offer</c>. Documented.</summary>
    /// <returns>The call.</returns>
    public SimulatedCall Ring() => Send("offer");

    /// <summary>Somebody answers: <c>pickUp</c>. Documented.</summary>
    /// <returns>The call.</returns>
    public SimulatedCall Answer() => Send("pickUp");

    /// <summary>The called side refuses: <c>hungUp</c>. Documented; the spelling <c>hangUp</c> was documented in 2023.</summary>
    /// <param name="olderSpelling">Whether to write <c>hangUp</c>.</param>
    /// <returns>The call.</returns>
    public SimulatedCall Drop(bool olderSpelling = false) => Send(olderSpelling ? "hangUp" : "hungUp");

    /// <summary>Nobody answers, or the caller gives up: <c>declined</c>. Documented.</summary>
    /// <returns>The call.</returns>
    public SimulatedCall Decline() => Send("declined");

    /// <summary>The caller gives up, as older gateways told it: <c>missed</c>. Documented as deprecated.</summary>
    /// <returns>The call.</returns>
    public SimulatedCall Miss() => Send("missed");

    /// <summary>Sends any status; null for a notification without one, as until 2023.</summary>
    /// <param name="status">The text of the status.</param>
    /// <returns>The call.</returns>
    public SimulatedCall Send(string? status)
    {
        _sender.Send(status);
        return this;
    }

    /// <summary>The last notification once more, as a queue entry of its own. Reported.</summary>
    /// <returns>The call.</returns>
    /// <exception cref="InvalidOperationException">The call has neither rung nor ended yet.</exception>
    public SimulatedCall Repeat()
    {
        _sender.Repeat();
        return this;
    }
}
