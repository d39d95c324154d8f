using System.Text;
using System.Text.Json;
using IncomingCalls.CrashTests;
using IncomingCalls.Processes;
using StackExchange.Redis;

namespace IncomingCalls.ClusterTests;

/// <summary>Looks into the storage of the cluster, without a silo.</summary>
internal sealed class StoredCalls(string cluster, int redisPort) : IAsyncDisposable
{
    private const int Page = 1000;

    private static readonly TimeSpan Again = TimeSpan.FromMilliseconds(50);

    private readonly ConnectionMultiplexer _redis = ConnectionMultiplexer.Connect(RedisOptions.For(redisPort));

    /// <summary>What the calls owe to handlers. Asks until there is a Redis to answer.</summary>
    public async Task<IReadOnlySet<OwedRun>> ReadOwedAsync()
    {
        using var timer = new PeriodicTimer(Again);
        while (true)
        {
            try
            {
                return await TryReadOwedAsync();
            }
            // An enumeration of keys wraps what the connection throws.
            catch (Exception e) when (((e as AggregateException)?.InnerException ?? e) is RedisException or TimeoutException)
            {
                await timer.WaitForNextTickAsync();
            }
        }
    }

    /// <summary>Every state of the cluster as text, a line each.</summary>
    public async Task<IReadOnlyList<string>> ReadAllAsync()
    {
        List<string> states = [];
        await foreach (var key in _redis.GetServers().Single().KeysAsync(pattern: $"{cluster}/*incoming-calls.*", pageSize: Page))
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

    private async Task<HashSet<OwedRun>> TryReadOwedAsync()
    {
        HashSet<OwedRun> owed = [];
        var database = _redis.GetDatabase();
        List<Task<RedisValue>> reads = [];
        await foreach (var key in _redis.GetServers().Single().KeysAsync(pattern: $"{cluster}/*incoming-calls.call/*", pageSize: Page))
        {
            reads.Add(database.HashGetAsync(key, "data"));
        }

        foreach (var stored in await Task.WhenAll(reads))
        {
            owed.UnionWith(Read(stored));
        }

        return owed;
    }

    private static IEnumerable<OwedRun> Read(RedisValue stored)
    {
        if (stored.IsNullOrEmpty)
        {
            return [];
        }

        using var json = JsonDocument.Parse((ReadOnlyMemory<byte>)stored);
        var record = JsonSerializer.Deserialize(DocumentOf(json.RootElement), DocumentContext.Default.CallRecord)!;
        return record.Call is not { } call ? [] :
            from one in call.Owed
            from handler in one.Handlers
            select new OwedRun(one.Event.Id, handler.Name, handler.Attempts);
    }

    /// <summary>Orleans writes states as JSON, and bytes as base64.</summary>
    private static byte[] DocumentOf(JsonElement state) => state.GetProperty(nameof(StoredState.Document)) is var document && document.ValueKind == JsonValueKind.String
        ? document.GetBytesFromBase64()
        : document.GetProperty("$value").GetBytesFromBase64();
}
