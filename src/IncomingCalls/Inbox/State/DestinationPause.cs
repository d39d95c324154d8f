using IncomingCalls.Inbox;
using IncomingCalls.Shared;

namespace IncomingCalls;

/// <summary>
/// A pause of the deliveries of one handler to one destination: the destination is unavailable, see <see cref="DestinationUnavailableException"/>, or it has asked for a delay, see
/// <see cref="CallEventRetryException"/>.
/// </summary>
public sealed record DestinationPause
{
    private static readonly TimeSpan FirstProbeDelay = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MaxProbeDelay = TimeSpan.FromMinutes(15);

    /// <summary>The longest announced time until a probe.</summary>
    private static readonly TimeSpan MaxAnnouncedDelay = TimeSpan.FromDays(1);

    /// <summary>Delays that are not longer are usual. A longer one is a pause that an operator should know of.</summary>
    internal static readonly TimeSpan UsualDelay = TimeSpan.FromMinutes(5);

    /// <summary>A shorter delay would repeat the attempt at once, again and again, since it does not count.</summary>
    private static readonly TimeSpan MinDelay = TimeSpan.FromSeconds(1);

    /// <summary>The longest delay that a destination can ask for. Then one attempt asks it again, so that an odd number in a header does not hold back a customer for weeks.</summary>
    private static readonly TimeSpan MaxDelay = TimeSpan.FromHours(1);

    /// <summary>The name of the handler.</summary>
    public required string Handler { get; init; }

    /// <summary>The destination.</summary>
    public required string Destination { get; init; }

    /// <summary>When the pause began, in UTC.</summary>
    public required DateTimeOffset Since { get; init; }

    /// <summary>When the next probe is due, in UTC; of a delay, when it ends.</summary>
    public required DateTimeOffset Until { get; init; }

    /// <summary>Whether the destination is unavailable: the pause lasts until a probe succeeds, and <see cref="Until"/> is the time of the next probe. Otherwise it ends at <see cref="Until"/>.</summary>
    public required bool IsUnavailable { get; init; }

    /// <summary>The number of attempts that found the destination unavailable one after another: the first one, and the probes. 0 for a delay.</summary>
    public int Failures { get; init; }

    /// <summary>The type and message of the last error, with numbers masked.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Gets the pause after an attempt.</summary>
    /// <param name="before">The pause before the attempt; null for none.</param>
    /// <param name="report">The result of the attempt.</param>
    /// <param name="now">The current time, in UTC.</param>
    /// <returns>The pause; null for none. The same object when nothing has changed.</returns>
    internal static DestinationPause? After(DestinationPause? before, AttemptReport report, DateTimeOffset now)
    {
        var isPaused = before is not null && (before.IsUnavailable || before.Until > now);
        if (report.Destination is { } destination)
        {
            var current = isPaused && before!.Destination == destination ? before : null;
            return report.Outcome == AttemptOutcome.Unavailable ? Unavailable(current, report, now) : Delayed(current, report, now);
        }

        if (!isPaused || before!.Until > now)
        {
            return isPaused ? before : null;
        }

        // An attempt that started before the pause may end at any time, and says nothing about the destination unless it has succeeded. Neither does a timeout.
        return report.Outcome == AttemptOutcome.Succeeded || (report.IsProbe && !report.HasTimedOut) ? null
            : report.IsProbe ? Unavailable(before, report, now)
            : before;
    }

    /// <summary>Returns whether an event has waited for too long: since it was received, or since the pause began if that is later.</summary>
    internal bool HasOutlasted(TimeSpan maxPause, DateTimeOffset receivedAt, DateTimeOffset now) => IsUnavailable && now - (receivedAt > Since ? receivedAt : Since) >= maxPause;

    private static DestinationPause Unavailable(DestinationPause? current, AttemptReport report, DateTimeOffset now)
    {
        if (current is { IsUnavailable: true } && current.Until > now)
        {
            // One of several attempts that ran at the same time. It is no probe.
            return GetAnnouncedDelay(report) is { } announced && now + announced > current.Until ? current with { Until = now + announced } : current;
        }

        var failures = (current?.Failures ?? 0) + 1;
        return new()
        {
            Handler = report.Attempt.Delivery.HandlerName,
            Destination = report.Destination ?? current!.Destination,
            Since = current?.Since ?? now,
            Until = now + (GetAnnouncedDelay(report) ?? Backoff.AddJitter(Backoff.DelayFor(failures, FirstProbeDelay, MaxProbeDelay))),
            IsUnavailable = true,
            Failures = failures,
            Reason = report.Error ?? "",
        };
    }

    /// <summary>Gets the time until the next probe that the destination has announced; null when it has announced none. Only an answer announces one.</summary>
    private static TimeSpan? GetAnnouncedDelay(AttemptReport report) =>
        report is not { Outcome: AttemptOutcome.Unavailable, RetryAfter: { } announced } || announced <= TimeSpan.Zero ? null
        : announced < MaxAnnouncedDelay ? announced
        : MaxAnnouncedDelay;

    private static DestinationPause Delayed(DestinationPause? current, AttemptReport report, DateTimeOffset now)
    {
        var until = now + TimeSpan.FromTicks(Math.Clamp((report.RetryAfter ?? TimeSpan.Zero).Ticks, MinDelay.Ticks, MaxDelay.Ticks));
        return current is not null
            // The answer of a probe that asks for a delay shows that the destination is available again.
            ? current.IsUnavailable && current.Until <= now ? current with { Since = now, Until = until, IsUnavailable = false, Failures = 0, Reason = report.Error ?? "" }
                : until > current.Until ? current with { Until = until }
                : current
            : new()
            {
                Handler = report.Attempt.Delivery.HandlerName,
                Destination = report.Destination!,
                Since = now,
                Until = until,
                IsUnavailable = false,
                Reason = report.Error ?? "",
            };
    }
}
