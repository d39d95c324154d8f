using System.Collections.Concurrent;
using IncomingCalls.Inbox;
using IncomingCalls.Shared;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Callers;

/// <summary>The request queues of all instances.</summary>
/// <typeparam name="T">What a request finds out.</typeparam>
/// <param name="kind">What is requested.</param>
/// <param name="requestsPerSecond">Gets the number of requests per second that the gateway allows for an instance.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The logger of the queues.</param>
internal sealed class CallerRequestQueues<T>(CallerRequestKind kind, Func<long, int> requestsPerSecond, TimeProvider time, ILogger<CallerRequestQueue<T>> logger) : IDisposable
    where T : class
{
    private readonly ConcurrentDictionary<long, CallerRequestQueue<T>> _queues = new();

    public CallerRequestQueue<T> GetOrCreate(long idInstance) =>
        _queues.GetOrAdd(idInstance, id => new(id, kind, () => requestsPerSecond(id), time, logger));

    public void Dispose()
    {
        foreach (var queue in _queues.Values)
        {
            queue.Close();
        }
    }
}

/// <summary>Creates the request queues.</summary>
internal static class CallerRequestQueues
{
    /// <summary>Documented for checkWhatsapp.</summary>
    private const int LinkedIdsPerSecond = 10;

    public static CallerRequestQueues<CallerName> CreateForNames(
        LastKnownGoodOptions<GreenApiOptions> options, TimeProvider time, ILogger<CallerRequestQueue<CallerName>> logger) =>
        new(CallerRequestKind.Name, idInstance => FindNamesPerSecond(options.CurrentValue, idInstance), time, logger);

    public static CallerRequestQueues<CallerNumber> CreateForLinkedIds(TimeProvider time, ILogger<CallerRequestQueue<CallerNumber>> logger) =>
        new(CallerRequestKind.LinkedId, static _ => LinkedIdsPerSecond, time, logger);

    /// <summary>At least 1, because the instance of an invalid entry may also be that of another instance source.</summary>
    private static int FindNamesPerSecond(GreenApiOptions options, long idInstance) =>
        Math.Max(1, options.Instances?.FirstOrDefault(instance => instance.IdInstance == idInstance)?.CallerNamesPerSecond ?? options.CallerNamesPerSecond);
}
