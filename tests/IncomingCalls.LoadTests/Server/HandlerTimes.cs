using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace IncomingCalls.LoadTests;

/// <summary>The handlers whose times a server records.</summary>
internal enum HandlerRole
{
    /// <summary>A plain handler.</summary>
    Plain = 0,

    /// <summary>A chat recorder.</summary>
    Recorder,

    /// <summary>An operator notifier.</summary>
    Notifier,
}

/// <summary>The times at which the handlers of a server ran: timestamps of the machine, which all its processes share.</summary>
internal sealed class HandlerTimes
{
    private readonly ConcurrentDictionary<HandlerRole, ConcurrentQueue<HandlerTime>> _times = new();

    public void Add(HandlerRole role, CallKey call) => TimesOf(role).Enqueue(new(call.IdMessage, Stopwatch.GetTimestamp()));

    /// <summary>Removes all times of a role, and returns them as lines.</summary>
    public string Drain(HandlerRole role)
    {
        List<HandlerTime> drained = [];
        while (TimesOf(role).TryDequeue(out var time))
        {
            drained.Add(time);
        }

        return string.Join('\n', drained.Select(time => time.Format()));
    }

    private ConcurrentQueue<HandlerTime> TimesOf(HandlerRole role) => _times.GetOrAdd(role, static _ => new());
}

/// <summary>The time at which a handler ran for a call.</summary>
/// <param name="IdMessage">The id of the call.</param>
/// <param name="At">The timestamp.</param>
internal readonly record struct HandlerTime(string IdMessage, long At)
{
    public string Format() => string.Create(CultureInfo.InvariantCulture, $"{IdMessage} {At}");

    /// <summary>Parses lines of <see cref="Format"/>.</summary>
    public static IEnumerable<HandlerTime> Parse(string lines) =>
        from line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        let parts = line.Split(' ')
        select new HandlerTime(parts[0], long.Parse(parts[1], CultureInfo.InvariantCulture));
}

/// <summary>A plain handler that records when it was called.</summary>
internal sealed class TimingHandler(HandlerTimes times) : ICallEventHandler
{
    public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        times.Add(HandlerRole.Plain, callEvent.Call.Key);
        return ValueTask.CompletedTask;
    }
}

/// <summary>A chat recorder that records when it was called.</summary>
internal sealed class TimingRecorder(HandlerTimes times) : IChatRecorder
{
    public ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken)
    {
        times.Add(HandlerRole.Recorder, record.Call.Key);
        return ValueTask.CompletedTask;
    }
}

/// <summary>An operator notifier that records when it was called.</summary>
internal sealed class TimingNotifier(HandlerTimes times) : IOperatorNotifier
{
    public ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken)
    {
        times.Add(HandlerRole.Notifier, alert.Call.Key);
        return ValueTask.CompletedTask;
    }
}

/// <summary>A handler that hangs until its timeout: for one instance if there is one, otherwise for all.</summary>
internal sealed class HangingHandler(HangingInstance? hanging = null) : ICallEventHandler
{
    public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken) =>
        hanging is null || callEvent.Call.Key.IdInstance == hanging.IdInstance ? new(Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken)) : ValueTask.CompletedTask;
}

/// <summary>A handler that takes part in the transaction of the event, and hangs until its timeout.</summary>
internal sealed class HangingTransactionHandler(ICallEventTransaction events) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        await events.BeginAsync(cancellationToken);
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }
}

/// <summary>The instance for which <see cref="HangingHandler"/> hangs.</summary>
/// <param name="IdInstance">The number of the instance; 0 for none.</param>
internal sealed record HangingInstance(long IdInstance);
