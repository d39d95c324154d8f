using IncomingCalls.Inbox;

namespace IncomingCalls.GreenApi.Journal;

/// <summary>
/// Looks in the journals of one instance for calls that no notification has announced. It continues where it has stopped, also after a restart, and looks again at what has ended in the last hour, since
/// an entry can be late. A call that was accepted before is recognised by its id.
/// </summary>
/// <param name="idInstance">The instance.</param>
/// <param name="isOnlySource">Whether the journal is the only source of the calls, because another integration receives the notifications.</param>
/// <param name="journals">The journals of the instances.</param>
/// <param name="intake">Accepts the entries.</param>
/// <param name="progress">Stores how far the journals were read.</param>
internal sealed class JournalScanner(long idInstance, bool isOnlySource, CallJournals journals, CallJournalIntake intake, JournalProgressStore progress)
{
    /// <summary>How many announced calls must be in the journal with their ids before it creates calls: that the ids are equal is not documented.</summary>
    public const int RequiredMatches = 5;

    /// <summary>Younger entries may be of calls whose notifications are on their way.</summary>
    private static readonly TimeSpan MinAge = TimeSpan.FromMinutes(10);

    /// <summary>Less than the deduplication window of every durable inbox, so that no call is created twice.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(23);

    private static readonly TimeSpan Overlap = TimeSpan.FromHours(1);

    /// <summary>The entries of the last scan that the inbox has accepted; it need not be asked for them again.</summary>
    private HashSet<(string, CallJournalEntry)> _accepted = [];
    private JournalProgress? _progress;

    /// <summary>Looks for calls once.</summary>
    /// <returns>A task whose result is when to look again, because the journal could not be asked; null for the usual time.</returns>
    /// <exception cref="CallInboxUnavailableException">The inbox cannot be written. The next look repeats this one.</exception>
    public async Task<DateTimeOffset?> ScanAsync(CancellationToken cancellationToken)
    {
        var now = intake.Now;
        _progress ??= await progress.LoadAsync(idInstance, cancellationToken).ConfigureAwait(false);
        if (_progress is null)
        {
            // Calls from before the first start are history. The journal has the second in which a call has ended.
            var startedAt = DateTimeOffset.FromUnixTimeSeconds(now.ToUnixTimeSeconds());
            await SaveAsync(new() { StartedAt = startedAt, ReadUntil = startedAt }, cancellationToken).ConfigureAwait(false);
            return null;
        }

        var until = isOnlySource ? now : now - MinAge;
        var since = Latest(_progress.StartedAt, _progress.ReadUntil - Overlap, now - MaxAge);
        if (until <= since || journals.Find(idInstance) is not { } instance)
        {
            return null;
        }

        var reading = await instance.ReadAsync(since, withOutgoing: true, cancellationToken).ConfigureAwait(false);
        if (reading.Calls is not { } calls)
        {
            return reading.AskAgainAt;
        }

        var entries = Convert(calls.Incoming, CallDirection.Incoming).Concat(Convert(calls.Outgoing, CallDirection.Outgoing))
            .Where(found => found.Entry.EndedAt >= since && found.Entry.EndedAt <= until)
            .OrderBy(static found => found.Entry.EndedAt)
            .ToArray();
        HashSet<(string, CallJournalEntry)> accepted = [];
        foreach (var (idMessage, entry) in entries)
        {
            if (_accepted.Contains((idMessage, entry)))
            {
                accepted.Add((idMessage, entry));
                continue;
            }

            var createsCall = isOnlySource || _progress.Matches.Count >= RequiredMatches;
            switch (await intake.AcceptAsync(new(idInstance, idMessage), entry, createsCall, cancellationToken).ConfigureAwait(false))
            {
                case JournalAcceptance.Postponed:
                    return null;
                case JournalAcceptance.Unknown:
                    continue;
                case JournalAcceptance.Known when !createsCall:
                    _progress = _progress.WithMatch(idMessage);
                    break;
            }

            accepted.Add((idMessage, entry));
        }

        _accepted = accepted;
        await SaveAsync(_progress with { ReadUntil = until }, cancellationToken).ConfigureAwait(false);
        return null;
    }

    private async Task SaveAsync(JournalProgress next, CancellationToken cancellationToken)
    {
        await progress.SaveAsync(idInstance, next, cancellationToken).ConfigureAwait(false);
        _progress = next;
    }

    private static DateTimeOffset Latest(params ReadOnlySpan<DateTimeOffset> times)
    {
        var latest = DateTimeOffset.MinValue;
        foreach (var time in times)
        {
            latest = time > latest ? time : latest;
        }

        return latest;
    }

    private static IEnumerable<(string IdMessage, CallJournalEntry Entry)> Convert(IEnumerable<GreenApiJournalCall> calls, CallDirection direction) =>
        from call in calls
        let entry = CallJournalMatch.ToEntry(call, direction)
        where entry is not null
        select (call.IdMessage, entry);
}
