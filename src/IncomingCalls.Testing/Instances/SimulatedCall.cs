using IncomingCalls.Testing.Instances;

namespace IncomingCalls.Testing;

/// <summary>A simulated call. Each method sends one notification, unless <see cref="CallQuirks"/> change that.</summary>
/// <remarks>
/// No notification is sent while the setting <c>incomingCallWebhook</c> is off (documented) or while the instance restarts, is logged out or is blocked
/// (assumed). A status other than <c>offer</c> ends the call, and lastIncomingCalls returns it after <see cref="GreenApiSimulatorOptions.JournalDelay"/>;
/// one that is answered ends after <see cref="SimulatedCallOptions.TalkTime"/>.
/// </remarks>
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

    /// <summary>The chat id of the caller; null for notifications without <c>from</c>.</summary>
    public string? From { get; }

    /// <summary>Sends the status <c>offer</c>: the call rings. Documented.</summary>
    /// <returns>The call.</returns>
    public SimulatedCall Ring() => Send("offer");

    /// <summary>Sends the status <c>pickUp</c>: the call is answered. Documented.</summary>
    /// <returns>The call.</returns>
    public SimulatedCall Answer() => Send("pickUp");

    /// <summary>Sends the status <c>hungUp</c>: the called side rejects the call. Documented; the spelling <c>hangUp</c> was documented in 2023.</summary>
    /// <param name="olderSpelling">Whether to send <c>hangUp</c> instead.</param>
    /// <returns>The call.</returns>
    public SimulatedCall Drop(bool olderSpelling = false) => Send(olderSpelling ? "hangUp" : "hungUp");

    /// <summary>Sends the status <c>declined</c>: the call is not answered, or the caller hangs up. Documented.</summary>
    /// <returns>The call.</returns>
    public SimulatedCall Decline() => Send("declined");

    /// <summary>Sends the status <c>missed</c>: the caller hangs up, as reported by older gateways. Documented as deprecated.</summary>
    /// <returns>The call.</returns>
    public SimulatedCall Miss() => Send("missed");

    /// <summary>Sends a notification with any status.</summary>
    /// <param name="status">The status; null for a notification without a status, as until 2023.</param>
    /// <returns>The call.</returns>
    public SimulatedCall Send(string? status)
    {
        _sender.Send(status);
        return this;
    }

    /// <summary>Sends the last notification again, as a separate entry of the queue. Reported.</summary>
    /// <returns>The call.</returns>
    /// <exception cref="InvalidOperationException">The call has not sent a status yet.</exception>
    public SimulatedCall Repeat()
    {
        _sender.Repeat();
        return this;
    }
}
