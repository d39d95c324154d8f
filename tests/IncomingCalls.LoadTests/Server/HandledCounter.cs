using System.Collections.Concurrent;
using System.Diagnostics;

namespace IncomingCalls.LoadTests;

/// <summary>How many notifications have been handled, and a way to wait for a number of them.</summary>
internal sealed class HandledCounter
{
    private readonly Lock _gate = new();
    private long _count;
    private long _awaited = long.MaxValue;
    private TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Add()
    {
        if (Interlocked.Increment(ref _count) >= Volatile.Read(ref _awaited))
        {
            lock (_gate)
            {
                _reached.TrySetResult();
            }
        }
    }

    /// <summary>Waits for a number; one waiter at a time.</summary>
    public Task WaitForAsync(long count, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
            Interlocked.Exchange(ref _awaited, count);
            return Interlocked.Read(ref _count) >= count ? Task.CompletedTask : _reached.Task.WaitAsync(cancellationToken);
        }
    }
}

/// <summary>The empty handler: it counts, so that what was only answered is not taken for handled.</summary>
internal sealed class CountingHandler(HandledCounter handled) : ICallEventHandler
{
    public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        handled.Add();
        return ValueTask.CompletedTask;
    }
}

/// <summary>A handler that waits until the host stops: everything behind it piles up. It counts what it has begun.</summary>
internal sealed class BlockingHandler(HandledCounter begun) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        begun.Add();
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }
}

/// <summary>When alerts were raised, by the clock that all processes of a machine share.</summary>
internal sealed class RaisedAlerts
{
    private readonly ConcurrentQueue<(string IdMessage, long At)> _raised = new();

    public void Add(string idMessage) => _raised.Enqueue((idMessage, Stopwatch.GetTimestamp()));

    /// <summary>Lines of id and time; what was told is forgotten.</summary>
    public string Drain()
    {
        List<string> lines = [];
        while (_raised.TryDequeue(out var raised))
        {
            lines.Add($"{raised.IdMessage} {raised.At}");
        }

        return string.Join('\n', lines);
    }
}

/// <summary>An operator notifier that writes down when it was called.</summary>
internal sealed class AlertTimingNotifier(RaisedAlerts raised, HandledCounter handled) : IOperatorNotifier
{
    public ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken)
    {
        raised.Add(alert.Call.Key.IdMessage);
        handled.Add();
        return ValueTask.CompletedTask;
    }
}
