using IncomingCalls.Orleans.Tests.Hosting;

namespace IncomingCalls.Orleans.Tests.Costs;

/// <summary>The nodes of a test, which take turns.</summary>
internal sealed class RoundRobinNodes : IAsyncDisposable
{
    private readonly List<Node> _nodes = [];

    /// <summary>The node whose turn it is.</summary>
    public Node this[int turn] => _nodes[turn % _nodes.Count];

    public async Task AddAsync(Task<Node> node) => _nodes.Add(await node);

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        _nodes.Clear();
    }
}
