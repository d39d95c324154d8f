using System.Collections.Concurrent;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace IncomingCalls.EndToEnd.Tests.Desk;

/// <summary>A client of the event stream, as an open page of an operator.</summary>
internal sealed class EventStreamClient : IAsyncDisposable
{
    private static readonly TimeSpan WaitLimit = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentQueue<string> _received = [];
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _reading;

    private EventStreamClient(HttpClient desk) => _reading = ReadAsync(desk, _stopping.Token);

    /// <summary>The received items: the type of each and the id of its call.</summary>
    public string[] Received => [.. _received];

    /// <summary>Whether the stream has not ended.</summary>
    public bool IsOpen => !_reading.IsCompleted;

    /// <summary>Opens the stream of a desk and waits for its first item.</summary>
    /// <param name="desk">The client of the desk, or of a proxy before it.</param>
    /// <exception cref="TimeoutException">The first item did not arrive: something holds it back.</exception>
    public static async Task<EventStreamClient> OpenAsync(HttpClient desk)
    {
        var page = new EventStreamClient(desk);
        try
        {
            await Task.WhenAny(page._open.Task, page._reading).Unwrap().WaitAsync(WaitLimit);
            return page;
        }
        catch
        {
            await page.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task ReadAsync(HttpClient desk, CancellationToken cancellationToken)
    {
        await using var stream = await desk.GetStreamAsync("/api/stream", cancellationToken);
        await foreach (var item in SseParser.Create(stream).EnumerateAsync(cancellationToken))
        {
            _received.Enqueue($"{item.EventType} {JsonSerializer.Deserialize<JsonObject>(item.Data)?["callId"]}".TrimEnd());
            _open.TrySetResult();
        }
    }
}
