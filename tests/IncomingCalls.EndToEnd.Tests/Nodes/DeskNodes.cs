using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.Processes;

namespace IncomingCalls.EndToEnd.Tests.Nodes;

/// <summary>Desks that are started at the same time, and share one PostgreSQL and nothing else.</summary>
public sealed class DeskNodes : IAsyncDisposable
{
    public const string Token = "Bearer nodes-token";
    public const long IdInstance = 1101000001;

    private readonly PostgresServer _postgres;
    private readonly DeskFolder[] _folders;
    private readonly DeskProcess[] _nodes;
    private readonly Uri?[] _addresses;

    private DeskNodes(PostgresServer postgres, int count)
    {
        _postgres = postgres;
        _folders = [.. Enumerable.Range(0, count).Select(_ => new DeskFolder())];
        _nodes = new DeskProcess[count];
        _addresses = new Uri?[count];
    }

    /// <summary>The addresses, which do not change when a node is restarted.</summary>
    public IEnumerable<Uri> Addresses => _addresses.OfType<Uri>();

    /// <summary>The connection string of the database.</summary>
    public string ConnectionString => _postgres.ConnectionString("desk");

    public DeskProcess this[int node] => _nodes[node];

    public static async Task<DeskNodes> StartAsync(int count)
    {
        var nodes = new DeskNodes(await PostgresServer.StartAsync(), count);
        try
        {
            await Task.WhenAll(Enumerable.Range(0, count).Select(nodes.StartNodeAsync));
            return nodes;
        }
        catch
        {
            await nodes.DisposeAsync();
            throw;
        }
    }

    /// <summary>Kills a node.</summary>
    public async Task KillAsync(int node) => await _nodes[node].DisposeAsync();

    /// <summary>Starts a node that was killed, with its former address.</summary>
    public async Task StartNodeAsync(int node)
    {
        Dictionary<string, string> settings = new() { ["ConnectionStrings:Desk"] = ConnectionString, ["IncomingCalls:Webhook:Tokens:0"] = Token };
        if (_addresses[node] is { } address)
        {
            settings["urls"] = $"{address}";
        }

        _nodes[node] = await DeskProcess.StartAsync(_folders[node], settings);
        _addresses[node] = _nodes[node].Http.BaseAddress;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.OfType<DeskProcess>())
        {
            await node.DisposeAsync();
        }

        await _postgres.DisposeAsync();
        Array.ForEach(_folders, folder => folder.Dispose());
    }
}
