namespace IncomingCalls.Testing.Instances;

/// <summary>Enqueues the notifications of one call and applies the quirks of the call and of its instance.</summary>
internal sealed class CallNotificationSender(SimulatedInstance instance, string idMessage, string? from, SimulatedCallOptions options, TimeProvider time)
{
    private const string Offer = "offer";

    private readonly CallQuirks _quirks = instance.CallQuirks | options.Quirks;
    private readonly CallJournalRecorder _journal = new(instance, idMessage, from, options, time);
    private readonly List<ReadOnlyMemory<byte>> _heldBack = [];
    private ReadOnlyMemory<byte>? _lastBody;
    private bool _isStarted;
    private bool _hasOutcome;

    public void Send(string? status)
    {
        _isStarted = true;
        var isOutcome = status is not (null or Offer);
        if (isOutcome)
        {
            // The end of a call of which a quirk suppresses the notification is in the journal.
            _journal.Record(HasQuirk(CallQuirks.OwnCall) ? CallDirection.Outgoing : CallDirection.Incoming, status!);
        }

        if (isOutcome && (HasQuirk(CallQuirks.Classic) || HasQuirk(CallQuirks.LostOutcome)))
        {
            return;
        }

        _hasOutcome |= isOutcome;
        var body = NotificationJson.CreateCall(instance, new()
        {
            IdMessage = idMessage,
            From = ToWireChatId(ResolveFrom(isOutcome)),
            Status = ToWireStatus(status),
            At = time.GetUtcNow() + options.TimestampShift,
            IsVideo = options.IsVideo,
            Participants = options.Participants?.Select(participant => ToWireChatId(participant)!).ToArray(),
        });
        _lastBody = body;
        SendOrHoldBack(body);
    }

    /// <summary>Sends the last notification again; does nothing when a quirk suppressed all notifications.</summary>
    /// <exception cref="InvalidOperationException">The call has not sent a status yet.</exception>
    public void Repeat()
    {
        if (!_isStarted)
        {
            throw new InvalidOperationException("The call has no notification to repeat. Call Ring or another method that sends a status first.");
        }

        if (_lastBody is { } body)
        {
            SendOrHoldBack(body);
        }
    }

    private bool HasQuirk(CallQuirks quirk) => _quirks.HasFlag(quirk);

    private string? ResolveFrom(bool isOutcome) =>
        HasQuirk(CallQuirks.OwnCall) || HasQuirk(CallQuirks.OwnNumber) ? instance.Wid
        : !isOutcome ? from
        : options.OutcomeFrom ?? (HasQuirk(CallQuirks.WrongFrom) ? instance.Wid : from);

    private string? ToWireChatId(string? chatId) => instance.ToWireChatId(chatId, asLid: HasQuirk(CallQuirks.Lid));

    private string? ToWireStatus(string? status) => status switch
    {
        Offer when HasQuirk(CallQuirks.Classic) => null,
        "hungUp" when HasQuirk(CallQuirks.HangUp) => "hangUp",
        _ => status,
    };

    private void SendOrHoldBack(ReadOnlyMemory<byte> body)
    {
        if (HasQuirk(CallQuirks.Reordered) && !_hasOutcome)
        {
            _heldBack.Add(body);
            return;
        }

        Enqueue(body);
        _heldBack.ForEach(Enqueue);
        _heldBack.Clear();
    }

    private void Enqueue(ReadOnlyMemory<byte> body)
    {
        for (var i = 0; i < (HasQuirk(CallQuirks.Duplicates) ? 2 : 1) && instance.SendsCallNotifications; i++)
        {
            instance.Enqueue(body);
        }
    }
}
