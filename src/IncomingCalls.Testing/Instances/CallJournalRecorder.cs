namespace IncomingCalls.Testing.Instances;

/// <summary>Records the end of one call in the journal, and applies the quirks of the journal.</summary>
/// <param name="instance">The instance.</param>
/// <param name="idMessage">The id of the call in its notifications.</param>
/// <param name="party">The caller of an incoming call, or the called account of an outgoing one; null when it is not known.</param>
/// <param name="options">The options of the call.</param>
/// <param name="time">The clock.</param>
internal sealed class CallJournalRecorder(SimulatedInstance instance, string idMessage, string? party, SimulatedCallOptions options, TimeProvider time)
{
    /// <summary>Reported as the id in some entries. Assumed: for callers without an id.</summary>
    private const string NobodysChatId = "0@c.us";

    private const string PickUp = "pickUp";
    private const string HungUp = "hungUp";

    private static readonly TimeSpan LateBy = TimeSpan.FromMinutes(2);

    private readonly CallQuirks _quirks = instance.CallQuirks | options.Quirks;
    private JournalEntry? _entry;

    /// <summary>
    /// Records the end of the call, with the status of its outcome. A later outcome replaces the entry. Documented: the journal contains a call only if the
    /// settings are on. Assumed: at its end and at the request.
    /// </summary>
    public void Record(CallDirection direction, string status)
    {
        if (!instance.IsConnected || !instance.IsJournalOn(direction))
        {
            return;
        }

        var duration = status == PickUp ? options.TalkTime : TimeSpan.Zero;
        var endedAt = time.GetUtcNow() + options.TimestampShift + (direction == CallDirection.Incoming ? duration : TimeSpan.Zero);
        var entry = new JournalEntry
        {
            Direction = direction,
            IdMessage = _entry?.IdMessage ?? (HasQuirk(CallQuirks.JournalOtherIds) ? instance.CreateIdMessage() : idMessage),
            ChatId = ToWireChatId(party ?? NobodysChatId),
            Status = ToJournalStatus(direction, status),
            EndedAt = endedAt,
            VisibleFrom = endedAt + instance.JournalDelay + (HasQuirk(CallQuirks.JournalLate) ? LateBy : TimeSpan.Zero),
            IsVideo = options.IsVideo == true,
            IsGroup = options.Participants is not null || party?.EndsWith("@g.us", StringComparison.Ordinal) == true,
            Duration = duration,
            Participants = [.. (options.Participants ?? [party ?? NobodysChatId]).Select(ToWireChatId)],
        };
        instance.Journal.Record(entry, _entry);
        _entry = entry;
    }

    /// <summary>
    /// Documented: the statuses pickUp, hungUp and missed, and pickUp, hungUp and invalid of outgoing calls. Assumed: missed stands for declined, and a
    /// status that is not documented is the same in the journal.
    /// </summary>
    private string ToJournalStatus(CallDirection direction, string status) => status switch
    {
        "hangUp" => HungUp,
        "declined" or "missed" when direction == CallDirection.Outgoing => HungUp,
        "declined" => HasQuirk(CallQuirks.JournalHungUpForDeclined) ? HungUp : "missed",
        _ => status,
    };

    private bool HasQuirk(CallQuirks quirk) => _quirks.HasFlag(quirk);

    private string ToWireChatId(string chatId) => chatId == NobodysChatId ? chatId
        : instance.ToWireChatId(chatId, asLid: HasQuirk(CallQuirks.Lid) || HasQuirk(CallQuirks.JournalLid))!;
}
