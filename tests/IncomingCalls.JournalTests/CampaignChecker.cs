namespace IncomingCalls.JournalTests;

/// <summary>Compares what the handlers have received with the calls that took place.</summary>
internal sealed class CampaignChecker(CampaignOptions options, IReadOnlyList<PlannedCall> calls, EventLog log, Action<string> writeLine)
{
    /// <summary>What is found of one kind is listed up to here.</summary>
    private const int MaxListed = 5;

    private static readonly TimeSpan AlertWindow = TimeSpan.FromSeconds(60);

    private readonly List<string> _findings = [];

    public IReadOnlyList<string> Check()
    {
        var planned = calls.ToDictionary(static call => call.Key);
        Find("a call that did not take place, or a second time", log.Calls.Where(key => !planned.ContainsKey(key)));
        Find("an alert that came late, or of an own call or one that was not announced", log.Alerts
            .Where(alert => planned.GetValueOrDefault(alert.Call) is not { LosesOffer: false, IsOwnCall: false, IsOwnNumber: false } call || alert.RaisedAt - call.OfferedAt > AlertWindow)
            .Select(static alert => alert.Call));
        Find("two events of one kind, or one event with another content", calls.Where(HasContradictoryEvents).Select(static call => call.Key));

        var ended = calls.Select(call => (Call: call, Last: FindLast(call))).ToArray();
        Find("a wrong outcome", ended.Where(end => end.Last is { Outcome: > CallOutcome.Unknown } last && last.Direction == end.Call.Direction && last.Outcome != end.Call.Outcome && !IsWhatTheJournalSays(end.Call, last)).Select(static end => end.Call.Key));
        Find("a client's call that is reported as an own one", ended.Where(static end => !end.Call.IsOwnCall && end.Last is { Direction: CallDirection.Outgoing }).Select(static end => end.Call.Key));
        Find("an announced call without an event", ended.Where(static end => end.Call is { IsAnnounced: true, IsOwnCall: false } && end.Last is null).Select(static end => end.Call.Key));
        var complete = ended.Count(end => IsComplete(end.Call, end.Last));
        if (options.IsComplete)
        {
            Find("a call without its true outcome or direction", ended.Where(end => !IsComplete(end.Call, end.Last)).Select(static end => end.Call.Key));
        }

        writeLine($"calls: {calls.Count}, outcome lost: {calls.Count(static call => call.LosesOutcome)}, offer lost: {calls.Count(static call => call.LosesOffer)}, neither announced: {calls.Count(static call => !call.IsAnnounced)}");
        writeLine($"named the instance itself: {calls.Count(static call => call.IsOwnNumber)} of clients, {calls.Count(static call => call.IsOwnCall)} own");
        writeLine($"with true outcome and direction: {complete}, and caller: {ended.Count(end => IsComplete(end.Call, end.Last) && end.Last!.Caller.ChatId?.Value == end.Call.Caller)}");
        writeLine($"without outcome: {ended.Count(static end => end.Last is { Outcome: CallOutcome.None or CallOutcome.Unknown })}, without any event: {ended.Count(static end => end.Last is null)}");
        writeLine($"outcome from the journal: {ended.Count(static end => end.Last is { OutcomeSource: CallSource.Journal })}, call from the journal: {ended.Count(static end => end.Last is { Source: CallSource.Journal })}");
        writeLine($"reported as incoming although own: {ended.Count(static end => end.Call.IsOwnCall && end.Last is { Direction: CallDirection.Incoming })}");
        writeLine($"findings: {_findings.Count}");
        return _findings;
    }

    /// <summary>Gets the state of a call that its last event shows; null when it has none.</summary>
    private Call? FindLast(PlannedCall call) => log.EventsOf(call.Key).Select(static callEvent => callEvent.Call).MaxBy(static state => state.Version);

    private bool HasContradictoryEvents(PlannedCall call) =>
        log.EventsOf(call.Key).GroupBy(static callEvent => callEvent.Id).Any(static same => same.Select(static callEvent => (callEvent.Kind, callEvent.PreviousOutcome)).Distinct().Count() > 1)
        // An own call may become an outgoing one after it was reported as incoming.
        || log.EventsOf(call.Key).DistinctBy(static callEvent => callEvent.Id).GroupBy(static callEvent => (callEvent.Kind, callEvent.Call.Direction)).Any(static same => same.Count() > 1);

    /// <summary>Whether only the journal has reported the outcome, and with a quirk that makes it tell a rejected call from a missed one wrongly.</summary>
    private bool IsWhatTheJournalSays(PlannedCall call, Call last) =>
        options.Quirk == "journal-hungup-for-declined" && call.Status == CallStatus.Declined && last is { OutcomeSource: CallSource.Journal, Outcome: CallOutcome.Dropped };

    private static bool IsComplete(PlannedCall call, Call? last) =>
        last is not null && last.Outcome == call.Outcome && last.Direction == call.Direction;

    private void Find(string what, IEnumerable<CallKey> keys)
    {
        var found = keys.ToArray();
        if (found.Length > 0)
        {
            var finding = $"{what}: {found.Length}, such as {string.Join(", ", found.Take(MaxListed))}";
            _findings.Add(finding);
            writeLine($"FOUND {finding}");
        }
    }
}
