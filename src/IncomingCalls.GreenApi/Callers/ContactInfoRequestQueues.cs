using System.Collections.Concurrent;
using IncomingCalls.Shared;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Callers;

/// <summary>The request queues of all instances.</summary>
/// <param name="requestsPerSecond">Gets the number of requests per second that the gateway allows for an instance.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The logger of the queues.</param>
internal sealed class ContactInfoRequestQueues(Func<long, int> requestsPerSecond, TimeProvider time, ILogger<ContactInfoRequestQueue> logger) : IDisposable
{
    private readonly ConcurrentDictionary<long, ContactInfoRequestQueue> _queues = new();

    public static ContactInfoRequestQueues Create(LastKnownGoodOptions<GreenApiOptions> options, TimeProvider time, ILogger<ContactInfoRequestQueue> logger) =>
        new(idInstance => FindRequestsPerSecond(options.CurrentValue, idInstance), time, logger);

    public ContactInfoRequestQueue GetOrCreate(long idInstance) =>
        _queues.GetOrAdd(idInstance, id => new(id, () => requestsPerSecond(id), time, logger));

    public void Dispose()
    {
        foreach (var queue in _queues.Values)
        {
            queue.Close();
        }
    }

    /// <summary>At least 1, because the instance of an invalid entry may also be that of another instance source.</summary>
    private static int FindRequestsPerSecond(GreenApiOptions options, long idInstance) =>
        Math.Max(1, options.Instances?.FirstOrDefault(instance => instance.IdInstance == idInstance)?.CallerNamesPerSecond ?? options.CallerNamesPerSecond);
}
