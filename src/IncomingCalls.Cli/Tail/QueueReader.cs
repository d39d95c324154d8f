using IncomingCalls.Calls;
using IncomingCalls.Cli.Commands;
using IncomingCalls.Cli.Connections;
using IncomingCalls.Cli.Lines;
using IncomingCalls.Cli.Output;
using IncomingCalls.GreenApi.Polling;
using IncomingCalls.Inbox;
using IncomingCalls.Infrastructure;
using IncomingCalls.Shared;

namespace IncomingCalls.Cli.Tail;

/// <summary>Reads the queue of one instance and writes a line per event.</summary>
internal sealed class QueueReader(GreenApiConnection connection, CommandInvocation invocation)
{
    /// <summary>The interval between two reads of an unchanged head. It does not disturb a host that polls the same instance.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(30);

    /// <summary>The number of reads of the same head after which the user is warned that no other notifications can be shown.</summary>
    private const int StuckHeadThreshold = 5;

    private readonly TimeProvider _time = invocation.Terminal.Time;
    private readonly Backoff _backoff = new(PollInterval, MaxRetryDelay);
    private readonly CallTracker _calls = new(invocation.Terminal.Time);
    private GreenApiStatus _lastStatus = GreenApiStatus.Ok;
    private bool _hasSucceeded;
    private ReadOnlyMemory<byte> _head;
    private int _unchangedReads;
    private int _shownCount;

    public required bool Consumes { get; init; }

    public required bool ResolvesNames { get; init; }

    public required int Count { get; init; }

    /// <exception cref="CommandFailedException">A request failed, and retrying does not help.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (_shownCount < Count)
        {
            var wait = await ReadHeadAsync(cancellationToken);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, _time, cancellationToken);
            }
        }
    }

    /// <summary>Reads the head of the queue once.</summary>
    /// <returns>A task whose result is the delay before the next read.</returns>
    private async Task<TimeSpan> ReadHeadAsync(CancellationToken cancellationToken)
    {
        var startedAt = _time.GetTimestamp();
        var result = await connection.Client.ReceiveNotificationAsync(connection.Instance, cancellationToken: cancellationToken);
        if (!CheckResult(result))
        {
            return NextRetryDelay();
        }

        if (result.Value is not { } notification)
        {
            // If an empty response comes at once, the API did not hold the long poll; a delay avoids a busy loop.
            return _time.GetElapsedTime(startedAt) < PollInterval ? PollInterval : TimeSpan.Zero;
        }

        if (notification.ReceiptId is not { } receiptId)
        {
            throw GreenApiErrors.NotGreenApi(connection.Instance);
        }

        if (notification.Utf8Json.Span.SequenceEqual(_head.Span))
        {
            _unchangedReads++;
            WarnWhenStuck();
        }
        else
        {
            (_head, _unchangedReads) = (notification.Utf8Json, 0);
            await WriteNotificationAsync(notification, cancellationToken);
        }

        return Consumes ? await DeleteAsync(receiptId, cancellationToken) : PollInterval;
    }

    private async Task<TimeSpan> DeleteAsync(long receiptId, CancellationToken cancellationToken)
    {
        var result = await connection.Client.DeleteNotificationAsync(connection.Instance, receiptId, cancellationToken);
        return CheckResult(result) ? TimeSpan.Zero : NextRetryDelay();
    }

    private void WarnWhenStuck()
    {
        if (_unchangedReads == StuckHeadThreshold && !Consumes)
        {
            WriteMessage("The head of the queue does not change, because no consumer deletes it. The notifications behind it cannot be shown. Use --consume to delete the head.");
        }
    }

    private async Task WriteNotificationAsync(ReceivedNotification notification, CancellationToken cancellationToken)
    {
        var reading = NotificationReader.Read(notification.Utf8Json.Span);
        if (reading.Call is not { } call)
        {
            Write(TailLine.Create(reading, _time.GetUtcNow()));
            return;
        }

        if (_calls.Accept(call) is { Event: { } callEvent } transition)
        {
            var caller = ResolvesNames ? await ResolveNameAsync(call.Instance.IdInstance, transition.Call.Caller, cancellationToken) : transition.Call.Caller;
            Write(TailLine.Create(callEvent, transition.Call, caller));
            _shownCount++;
        }
    }

    /// <summary>Resolves the name of a caller within a short timeout, because a line must not be delayed by it.</summary>
    private async Task<Caller> ResolveNameAsync(long idInstance, Caller caller, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(2 * PollInterval, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await connection.CallerNames.ResolveAsync(idInstance, caller, isRinging: true, linked.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return caller;
        }
    }

    private bool CheckResult<T>(GreenApiResult<T> result)
    {
        if (result.IsOk)
        {
            (_hasSucceeded, _lastStatus) = (true, result.Status);
            _backoff.Reset();
            return true;
        }

        GreenApiErrors.ThrowIfPermanent(connection.Instance, result, _hasSucceeded);
        if (_lastStatus != result.Status)
        {
            WriteMessage(GreenApiErrors.Describe(connection.Instance, result));
        }

        _lastStatus = result.Status;
        return false;
    }

    private TimeSpan NextRetryDelay()
    {
        var state = PollerStateMapping.FromStatus(_lastStatus);
        return PollerStateMapping.FindDelay(state, state, failures: 1) ?? _backoff.Next();
    }

    private void WriteMessage(string message) => invocation.Terminal.Error.WriteLine(message);

    private void Write(TailLine line) => invocation.Output.Write(line, CliJsonContext.Readable.TailLine);
}

/// <summary>Tracks the calls so far and derives the events with the reducer of the core package, as a host does.</summary>
internal sealed class CallTracker(TimeProvider time)
{
    private static readonly TimeSpan RetentionPeriod = TimeSpan.FromHours(72);

    private readonly ExpiringCache<CallKey, CallHistory> _calls = new(time, () => 10_000);

    public CallTransition Accept(IncomingCallNotification notification)
    {
        var key = new CallKey(notification.Instance.IdInstance, notification.IdMessage);
        var previous = _calls.TryGet(key, out var history) ? history : null;
        var transition = CallReducer.Accept(previous, new() { Notification = notification, Decision = CallDecision.Handle(), ReceivedAt = time.GetUtcNow() });
        _calls.Set(key, transition.History, RetentionPeriod);
        return transition;
    }
}
