using System.Diagnostics;

namespace IncomingCalls.LoadTests;

/// <summary>When offers were sent, and when the handlers of the server ran for them.</summary>
/// <param name="sentAt">The timestamp of each offer, by the id of its call.</param>
internal sealed class OfferTimes(IReadOnlyDictionary<string, long> sentAt)
{
    private readonly Dictionary<HandlerRole, Dictionary<string, long>> _handledAt = [];

    /// <summary>The end of the observation. What was not handled by then has at least the delay until then.</summary>
    public long ObservedUntil { get; set; }

    /// <summary>Adds the times of a handler. Repeated attempts and other calls are ignored.</summary>
    public void Add(HandlerRole role, IEnumerable<HandlerTime> times)
    {
        foreach (var time in times.Where(time => sentAt.ContainsKey(time.IdMessage)))
        {
            HandledBy(role).TryAdd(time.IdMessage, time.At);
        }
    }

    public int CountHandled(HandlerRole role) => HandledBy(role).Count;

    public bool IsComplete(HandlerRole role) => CountHandled(role) == sentAt.Count;

    /// <summary>Finds the time from the sending of each offer to the handler, or to the end of the observation.</summary>
    public IEnumerable<TimeSpan> FindDelays(HandlerRole role) =>
        sentAt.Select(sent => Stopwatch.GetElapsedTime(sent.Value, HandledBy(role).GetValueOrDefault(sent.Key, ObservedUntil)));

    /// <summary>Counts the offers that were handled within a time after they were sent.</summary>
    public int CountHandledWithin(HandlerRole role, TimeSpan limit) =>
        HandledBy(role).Count(handled => Stopwatch.GetElapsedTime(sentAt[handled.Key], handled.Value) <= limit);

    /// <summary>Computes how many offers were handled per second, from the first sending to the last handling, or to the end of the observation.</summary>
    public double ComputeRate(HandlerRole role) =>
        CountHandled(role) / Stopwatch.GetElapsedTime(sentAt.Values.Min(), IsComplete(role) ? HandledBy(role).Values.Max() : ObservedUntil).TotalSeconds;

    private Dictionary<string, long> HandledBy(HandlerRole role) => _handledAt.TryGetValue(role, out var times) ? times : _handledAt[role] = [];
}
