using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.Orleans.Tests.Redis;
using IncomingCalls.Processes;

namespace IncomingCalls.EndToEnd.Tests.Cluster;

/// <summary>Three desks that share one Redis and one PostgreSQL and are started at the same time.</summary>
public sealed class DeskCluster : IAsyncLifetime
{
    private const string Token = "Bearer cluster-token";
    private const int Nodes = 3;

    private readonly DeskFolder[] _folders = [.. Enumerable.Range(0, Nodes).Select(_ => new DeskFolder())];
    private readonly DeskProcess?[] _nodes = new DeskProcess?[Nodes];
    private readonly RedisServer _redis = new();
    private PostgresServer? _postgres;
    private int _nextNode;

    public IEnumerable<DeskProcess> Running => _nodes.OfType<DeskProcess>();

    public DeskProcess this[int node] => _nodes[node]!;

    public async Task InitializeAsync()
    {
        if (ClusterFactAttribute.Missing is null)
        {
            _postgres = await PostgresServer.StartAsync();
            await _redis.InitializeAsync();
            await Task.WhenAll(Enumerable.Range(0, Nodes).Select(StartAsync));
        }
    }

    public async Task DisposeAsync()
    {
        foreach (var node in Running)
        {
            await node.DisposeAsync();
        }

        await _redis.DisposeAsync();
        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }

        Array.ForEach(_folders, folder => folder.Dispose());
    }

    /// <summary>Posts to the nodes in turn until one acknowledges, as the gateway does through a load balancer.</summary>
    public async Task PostAsync(string callId, string status)
    {
        var json = NotificationJson.CreateCall(1101000001, callId, status);
        await Eventually.HoldsAsync(async () => (await TryPostAsync(Interlocked.Increment(ref _nextNode) % Nodes, json)).Should().Be(200));
    }

    /// <summary>Posts to one node.</summary>
    public async Task PostToAsync(int node, string callId, string status) =>
        await Eventually.HoldsAsync(async () => (await this[node].PostAsync(NotificationJson.CreateCall(1101000001, callId, status), Token)).Should().Be(200));

    /// <summary>Kills a node.</summary>
    public async Task KillAsync(int node)
    {
        var killed = this[node];
        _nodes[node] = null;
        await killed.DisposeAsync();
    }

    public async Task StartAsync(int node) => _nodes[node] = await DeskProcess.StartAsync(_folders[node], new Dictionary<string, string>
    {
        ["Orleans:Redis"] = _redis.Options.ToString(),
        ["Orleans:Endpoints:AdvertisedIPAddress"] = "127.0.0.1",
        ["ConnectionStrings:Desk"] = _postgres!.ConnectionString("desk"),
        ["IncomingCalls:Webhook:Tokens:0"] = Token,
    });

    /// <summary>Posts to a node; the result is the status of the answer, or null when there was no answer.</summary>
    private async Task<int?> TryPostAsync(int node, string json)
    {
        try
        {
            return _nodes[node] is { } desk ? await desk.PostAsync(json, Token) : null;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or ObjectDisposedException)
        {
            return null;
        }
    }
}

/// <summary>A test of several nodes, which needs Redis and PostgreSQL. Without them it is skipped, except under CI, where it fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ClusterFactAttribute : FactAttribute
{
    public ClusterFactAttribute() => Skip = Missing;

    /// <summary>The reason to skip tests; null when both servers are installed, or under CI, where they are required.</summary>
    public static string? Missing { get; } = RedisFactAttribute.Missing ?? PostgresServer.Missing;
}
