using IncomingCalls.Inbox;
using IncomingCalls.Shared;

namespace IncomingCalls.GreenApi.Journal;

/// <summary>
/// Finds missing outcomes in the call journals of GREEN-API, see <see href="https://green-api.com/en/docs/api/journals/LastIncomingCalls/">LastIncomingCalls</see>. A journal is late and can
/// be incomplete, so that a call is missing in it proves nothing.
/// </summary>
internal sealed class JournalOutcomeResolver(CallJournals journals, LastKnownGoodOptions<GreenApiOptions> options, TimeProvider time) : IMissingOutcomeResolver
{
    /// <summary>A call ends after its first notification, and the clocks differ.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    public TimeSpan MinDelay => CallJournalSchedule.MinDelay;

    public bool Covers(long idInstance) =>
        options.CurrentValue.CallJournal != CallJournalUse.Off && journals.Find(idInstance) is { IsAvailable: true };

    public async ValueTask<OutcomeResolution> ResolveAsync(MissingOutcome missing, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(missing);
        var isTooOld = time.GetUtcNow() - missing.FirstReceivedAt > GreenApiClient.MaxJournalAge - Margin;
        if (isTooOld || !Covers(missing.Call.Key.IdInstance) || journals.Find(missing.Call.Key.IdInstance) is not { } instance)
        {
            return OutcomeResolution.None;
        }

        var reading = await instance.ReadAsync(missing.FirstReceivedAt - Margin, withOutgoing: missing.Call.Anomalies.HasFlag(CallAnomalies.FromSelf), cancellationToken).ConfigureAwait(false);
        return reading switch
        {
            { Calls: { } calls } => Find(missing, calls, instance) is { } entry ? new() { Entry = entry } : AskAgain(missing),
            { AskAgainAt: { } askAgainAt } => new() { AskAgainAt = askAgainAt, IsPostponed = true },
            { IsUnavailable: true } => OutcomeResolution.None,
            _ => AskAgain(missing),
        };
    }

    private static CallJournalEntry? Find(MissingOutcome missing, JournalCalls calls, InstanceJournals instance)
    {
        if (CallJournalMatch.FindById(missing.Call, calls.Incoming, calls.Outgoing) is { } entry)
        {
            instance.RecordEqualId();
            return entry;
        }

        return instance.HasEqualIds ? null : CallJournalMatch.FindByChat(missing.Call, calls.Incoming);
    }

    private OutcomeResolution AskAgain(MissingOutcome missing) =>
        new() { AskAgainAt = CallJournalSchedule.GetNext(missing, time.GetUtcNow(), TimeSpan.FromSeconds(Random.Shared.Next(60))) };
}
