using System.Collections.Concurrent;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Nodes;
using IncomingCalls.EndToEnd.Tests.Desk;

namespace IncomingCalls.EndToEnd.Tests.Cluster;

/// <summary>A client of the event stream, as an open page of an operator.</summary>
internal sealed class EventStreamClient : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<string> _received = [];
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;

    private EventStreamClient(DeskProcess node) => _reading = ReadAsync(node, _stopping.Token);

    /// <summary>The received items: the type of each and the id of its call.</summary>
    public string[] Received => [.. _received];

    /// <summary>Opens the stream of a node and waits for its first item.</summary>
    public static async Task<EventStreamClient> OpenAsync(DeskProcess node)
    {
        var page = new EventStreamClient(node);
        await Task.WhenAny(page._open.Task, page._reading).Unwrap();
        return page;
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task ReadAsync(DeskProcess node, CancellationToken cancellationToken)
    {
        await using var stream = await node.Http.GetStreamAsync("/api/stream", cancellationToken);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
        {
            _received.Enqueue($"{item.EventType} {JsonSerializer.Deserialize<JsonObject>(item.Data)?["callId"]}".TrimEnd());
            _open.TrySetResult();
        }
    }
}
