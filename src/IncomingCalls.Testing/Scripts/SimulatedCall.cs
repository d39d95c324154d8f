namespace IncomingCalls.Testing;

/// <summary>A call as a script plays it. Each step sends one notification, if the settings of the instance ask for calls.</summary>
public sealed class SimulatedCall
{
    private readonly SimulatedInstance _instance;
    private readonly SimulatedCallOptions _options;
    private readonly TimeProvider _time;
    private ReadOnlyMemory<byte>? _last;

    internal SimulatedCall(SimulatedInstance instance, string idMessage, string? from, SimulatedCallOptions options, TimeProvider time)
    {
        _instance = instance;
        _options = options;
        _time = time;
        IdMessage = idMessage;
        From = from;
    }

    /// <summary>The id of the call.</summary>
    public string IdMessage { get; }

    /// <summary>Who rings.</summary>
    public string? From { get; }

    /// <summary>It rings: <c>offer</c>. Documented.</summary>
    /// <returns>The call.</returns>
    public SimulatedCall Ring() => Send("offer", From);

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
    public SimulatedCall Send(string? status) => Send(status, status is null ? From : _options.OutcomeFrom ?? From);

    /// <summary>The last notification once more, as a queue entry of its own. Reported.</summary>
    /// <returns>The call.</returns>
    /// <exception cref="InvalidOperationException">The call has neither rung nor ended yet.</exception>
    public SimulatedCall Repeat()
    {
        Enqueue(_last ?? throw new InvalidOperationException("There is nothing to repeat: let the call ring, or end, first."));
        return this;
    }

    private SimulatedCall Send(string? status, string? from)
    {
        var body = WireJson.Call(_instance, IdMessage, _instance.NameOnTheWire(from), status, _time.GetUtcNow() + _options.TimestampShift, _options);
        _last = body;
        Enqueue(body);
        return this;
    }

    /// <summary>Documented: the switch incomingCallWebhook decides whether calls are told at all.</summary>
    private void Enqueue(ReadOnlyMemory<byte> body)
    {
        if (_instance.Settings.IncomingCallWebhook)
        {
            _instance.Enqueue(body);
        }
    }
}
