using IncomingCalls.Inbox;

namespace IncomingCalls.GreenApi.Journal;

/// <summary>When the journal is asked again for a call that it does not contain yet. The functions are pure.</summary>
internal static class CallJournalSchedule
{
    /// <summary>Up to two minutes after its end a call is missing in the journal, see <see href="https://green-api.com/en/docs/api/journals/LastIncomingCalls/">LastIncomingCalls</see>.</summary>
    public static readonly TimeSpan MinDelay = TimeSpan.FromMinutes(2);

    /// <summary>How long a call is looked for.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromHours(24);

    /// <summary>Times after the first receipt, for deliveries that wait for the journal; the last one is just before they start without it.</summary>
    private static readonly TimeSpan[] QuickTimes = [MinDelay, TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(4), TimeSpan.FromSeconds(290)];

    /// <summary>Gets the next time; null when the call is no longer looked for.</summary>
    /// <param name="missing">The call.</param>
    /// <param name="now">The current time, in UTC.</param>
    /// <param name="jitter">A time of up to a minute, so that the instances of a host are not asked at the same time.</param>
    public static DateTimeOffset? GetNext(MissingOutcome missing, DateTimeOffset now, TimeSpan jitter)
    {
        var age = now - missing.FirstReceivedAt;
        if (missing.Call.Anomalies.HasFlag(CallAnomalies.FromSelf) && age < QuickTimes[^1])
        {
            return missing.FirstReceivedAt + QuickTimes.First(time => time > age);
        }

        var next = age < TimeSpan.FromMinutes(30) ? TimeSpan.FromMinutes(30) : TimeSpan.FromHours(Math.Floor(age.TotalHours) + 1);
        return next > MaxAge ? null : missing.FirstReceivedAt + next + jitter;
    }
}
