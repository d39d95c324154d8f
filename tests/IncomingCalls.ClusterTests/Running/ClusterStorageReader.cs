using System.Text;
using System.Text.Json;
using IncomingCalls.CrashTests;
using IncomingCalls.Orleans.State;
using IncomingCalls.Processes;
using StackExchange.Redis;

namespace IncomingCalls.ClusterTests;

/// <summary>Reads the storage of the cluster without a silo.</summary>
internal sealed class ClusterStorageReader(string cluster, int redisPort) : IAsyncDisposable
{
    private const int PageSize = 1000;

    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(50);

    private readonly ConnectionMultiplexer _redis = ConnectionMultiplexer.Connect(RedisOptions.ForPort(redisPort));

    /// <summary>Reads the pending deliveries of all calls. Retries until Redis answers.</summary>
    public async Task<IReadOnlySet<PendingDelivery>> ReadPendingAsync()
    {
        using var timer = new PeriodicTimer(RetryInterval);
        while (true)
        {
            try
            {
                return await ReadPendingOnceAsync();
            }
            // An enumeration of keys wraps the exceptions of the connection.
            catch (Exception e) when (((e as AggregateException)?.InnerException ?? e) is RedisException or TimeoutException)
            {
                await timer.WaitForNextTickAsync();
            }
        }
    }

    /// <summary>Reads every stored state of the cluster as a line of text.</summary>
    public async Task<IReadOnlyList<string>> ReadAllStatesAsync()
    {
        List<string> states = [];
        await foreach (var key in _redis.GetServers().Single().KeysAsync(pattern: $"{cluster}/*incoming-calls.*", pageSize: PageSize))
        {
            var stored = await _redis.GetDatabase().HashGetAsync(key, "data");
            if (!stored.IsNullOrEmpty)
            {
                using var json = JsonDocument.Parse((ReadOnlyMemory<byte>)stored);
                states.Add($"{key} {Encoding.UTF8.GetString(DocumentOf(json.RootElement))}");
            }
        }

        return states;
    }

    public ValueTask DisposeAsync() => _redis.DisposeAsync();

    private async Task<HashSet<PendingDelivery>> ReadPendingOnceAsync()
    {
        HashSet<PendingDelivery> pending = [];
        var database = _redis.GetDatabase();
        List<Task<RedisValue>> reads = [];
        await foreach (var key in _redis.GetServers().Single().KeysAsync(pattern: $"{cluster}/*incoming-calls.call/*", pageSize: PageSize))
        {
            reads.Add(database.HashGetAsync(key, "data"));
        }

        foreach (var stored in await Task.WhenAll(reads))
        {
            pending.UnionWith(ParsePending(stored));
        }

        return pending;
    }

    private static IEnumerable<PendingDelivery> ParsePending(RedisValue stored)
    {
        if (stored.IsNullOrEmpty)
        {
            return [];
        }

        using var json = JsonDocument.Parse((ReadOnlyMemory<byte>)stored);
        var record = JsonSerializer.Deserialize(DocumentOf(json.RootElement), CallGrainState.TypeInfo)!;
        return record.Call is not { } call ? [] :
            from pendingEvent in call.PendingEvents
            from delivery in pendingEvent.Deliveries
            select new PendingDelivery(pendingEvent.Event.Id, delivery.HandlerName, delivery.Attempts);
    }

    /// <summary>Orleans writes states as JSON, and bytes as base64.</summary>
    private static byte[] DocumentOf(JsonElement state) => state.GetProperty(nameof(StoredState.Document)) is var document && document.ValueKind == JsonValueKind.String
        ? document.GetBytesFromBase64()
        : document.GetProperty("$value").GetBytesFromBase64();
}
