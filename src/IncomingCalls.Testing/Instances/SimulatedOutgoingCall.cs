using IncomingCalls.Testing.Instances;

namespace IncomingCalls.Testing;

/// <summary>
/// A simulated outgoing call of the account of an instance. Each method ends the call, which sends one <c>outgoingCall</c> notification (documented; assumed:
/// only one, and only after the end).
/// </summary>
/// <remarks>
/// No notification is sent while the setting <c>outgoingCallWebhook</c> is off (documented) or while the instance restarts, is logged out or is blocked
/// (assumed). Of the <see cref="CallQuirks"/>, those of the journal apply, and <see cref="CallQuirks.HangUp"/>, <see cref="CallQuirks.Lid"/>,
/// <see cref="CallQuirks.Duplicates"/> and <see cref="CallQuirks.LostOutcome"/>.
/// </remarks>
public sealed class SimulatedOutgoingCall
{
    private readonly SimulatedInstance _instance;
    private readonly SimulatedCallOptions _options;
    private readonly TimeProvider _time;
    private readonly CallJournalRecorder _journal;
    private readonly CallQuirks _quirks;
    private ReadOnlyMemory<byte>? _body;
    private bool _hasEnded;

    internal SimulatedOutgoingCall(SimulatedInstance instance, string idMessage, string to, SimulatedCallOptions options, TimeProvider time)
    {
        _instance = instance;
        _options = options;
        _time = time;
        _journal = new(instance, idMessage, to, options, time);
        _quirks = instance.CallQuirks | options.Quirks;
        IdMessage = idMessage;
        To = to;
    }

    /// <summary>The id of the call.</summary>
    public string IdMessage { get; }

    /// <summary>The chat id of the called account or group.</summary>
    public string To { get; }

    /// <summary>Ends the call with the status <c>pickUp</c>: it was answered, and the conversation took <see cref="SimulatedCallOptions.TalkTime"/>. Documented.</summary>
    /// <returns>The call.</returns>
    /// <exception cref="InvalidOperationException">The call has already ended.</exception>
    public SimulatedOutgoingCall EndAnswered() => End("pickUp");

    /// <summary>Ends the call with the status <c>hungUp</c>: nobody answered, or the number has no WhatsApp. Documented.</summary>
    /// <returns>The call.</returns>
    /// <exception cref="InvalidOperationException">The call has already ended.</exception>
    public SimulatedOutgoingCall EndUnanswered() => End("hungUp");

    /// <summary>Ends the call with the status <c>invalid</c>: it could not be placed. Documented.</summary>
    /// <returns>The call.</returns>
    /// <exception cref="InvalidOperationException">The call has already ended.</exception>
    public SimulatedOutgoingCall EndInvalid() => End("invalid");

    /// <summary>Ends the call with any status.</summary>
    /// <param name="status">The status.</param>
    /// <returns>The call.</returns>
    /// <exception cref="InvalidOperationException">The call has already ended.</exception>
    public SimulatedOutgoingCall End(string status)
    {
        ArgumentNullException.ThrowIfNull(status);
        if (_hasEnded)
        {
            throw new InvalidOperationException("The call has already ended. Place another call with PlaceOutgoingCall.");
        }

        _hasEnded = true;
        _journal.Record(CallDirection.Outgoing, status);
        if (!_quirks.HasFlag(CallQuirks.LostOutcome))
        {
            _body = CreateNotification(status == "hungUp" && _quirks.HasFlag(CallQuirks.HangUp) ? "hangUp" : status);
            Enqueue(_body.Value);
        }

        return this;
    }

    /// <summary>Sends the notification again, as a separate entry of the queue; does nothing when a quirk suppressed it. Reported.</summary>
    /// <returns>The call.</returns>
    /// <exception cref="InvalidOperationException">The call has not ended yet.</exception>
    public SimulatedOutgoingCall Repeat()
    {
        if (!_hasEnded)
        {
            throw new InvalidOperationException("The call has no notification to repeat. Call EndAnswered or another method that ends it first.");
        }

        if (_body is { } body)
        {
            Enqueue(body);
        }

        return this;
    }

    private ReadOnlyMemory<byte> CreateNotification(string status) => NotificationJson.CreateOutgoingCall(_instance, new()
    {
        IdMessage = IdMessage,
        From = ToWireChatId(To),
        Status = status,
        At = _time.GetUtcNow() + _options.TimestampShift,
        IsVideo = _options.IsVideo == true,
        Duration = status == "pickUp" ? _options.TalkTime : TimeSpan.Zero,
        Participants = [.. (_options.Participants ?? [To]).Select(ToWireChatId)],
    });

    private string ToWireChatId(string chatId) => _instance.ToWireChatId(chatId, asLid: _quirks.HasFlag(CallQuirks.Lid))!;

    private void Enqueue(ReadOnlyMemory<byte> body)
    {
        for (var i = 0; i < (_quirks.HasFlag(CallQuirks.Duplicates) ? 2 : 1) && _instance.SendsOutgoingCallNotifications; i++)
        {
            _instance.Enqueue(body);
        }
    }
}
