using System.Collections.Concurrent;
using IncomingCalls.Shared;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Callers;

/// <summary>The request queues of all instances.</summary>
/// <param name="interval">Gets the minimum time between two requests of an instance.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The logger of the queues.</param>
internal sealed class ContactInfoRequestQueues(Func<long, TimeSpan> interval, TimeProvider time, ILogger<ContactInfoRequestQueue> logger) : IDisposable
{
    /// <summary>
    /// The gateway allows n requests within any second. The margin of 2 % is for requests that do not all take the same time to reach it.
    /// </summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(1.02);

    private readonly ConcurrentDictionary<long, ContactInfoRequestQueue> _queues = new();

    public static ContactInfoRequestQueues Create(LastKnownGoodOptions<GreenApiOptions> options, TimeProvider time, ILogger<ContactInfoRequestQueue> logger) =>
        new(idInstance => Window / FindRequestsPerSecond(options.CurrentValue, idInstance), time, logger);

    public ContactInfoRequestQueue GetOrCreate(long idInstance) =>
        _queues.GetOrAdd(idInstance, id => new(id, () => interval(id), time, logger));

    public void Dispose()
    {
        foreach (var queue in _queues.Values)
        {
            queue.Close();
        }
    }

    private static int FindRequestsPerSecond(GreenApiOptions options, long idInstance) =>
        options.Instances?.FirstOrDefault(instance => instance.IdInstance == idInstance)?.CallerNamesPerSecond ?? options.CallerNamesPerSecond;
}
