using IncomingCalls.Calls;
using IncomingCalls.Cli.Commands;
using IncomingCalls.Cli.Connections;
using IncomingCalls.Cli.Lines;
using IncomingCalls.Cli.Output;
using IncomingCalls.GreenApi.Polling;
using IncomingCalls.Inbox;
using IncomingCalls.Infrastructure;

namespace IncomingCalls.Cli.Tail;

/// <summary>Follows the queue of one instance.</summary>
internal sealed class QueueReader(GreenApiConnection connection, CommandInvocation invocation)
{
    /// <summary>Between two looks at a head that stays; a host that polls the same instance is not disturbed by it.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromSeconds(30);

    /// <summary>After so many looks at the same head somebody has to be told why nothing else comes.</summary>
    private const int StuckHeadThreshold = 5;

    private readonly TimeProvider _time = invocation.Terminal.Time;
    private readonly CallTracker _calls = new(invocation.Terminal.Time);
    private GreenApiStatus _lastStatus = GreenApiStatus.Ok;
    private bool _hasSucceeded;
    private int _failureCount;
    private ReadOnlyMemory<byte> _head;
    private int _unchangedReads;
    private int _shownCount;

    public required bool Consumes { get; init; }

    public required bool ResolvesNames { get; init; }

    public required int Count { get; init; }

    /// <exception cref="CommandFailedException">GREEN-API will not answer, however often it is asked.</exception>
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

    /// <summary>One look at the head.</summary>
    /// <returns>How long to wait before the next.</returns>
    private async Task<TimeSpan> ReadHeadAsync(CancellationToken cancellationToken)
    {
        var begun = _time.GetTimestamp();
        var answer = await connection.Client.ReceiveNotificationAsync(connection.Instance, cancellationToken: cancellationToken);
        if (!CheckResult(answer))
        {
            return NextRetryDelay();
        }

        if (answer.Value is not { } notification)
        {
            // A queue that is empty at once is asked again slowly: the long poll did not wait.
            return _time.GetElapsedTime(begun) < PollInterval ? PollInterval : TimeSpan.Zero;
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
        var answer = await connection.Client.DeleteNotificationAsync(connection.Instance, receiptId, cancellationToken);
        return CheckResult(answer) ? TimeSpan.Zero : NextRetryDelay();
    }

    private void WarnWhenStuck()
    {
        if (_unchangedReads == StuckHeadThreshold && !Consumes)
        {
            WriteMessage("The head of the queue stays where it is: nobody takes it, and what waits behind it cannot be seen. --consume would delete it.");
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

        if (_calls.ApplyNotification(call) is { Event: { } happened } step)
        {
            var caller = ResolvesNames ? await ResolveNameAsync(call.Instance.IdInstance, step.Call.Caller, cancellationToken) : step.Call.Caller;
            Write(TailLine.Create(happened, step.Call, caller));
            _shownCount++;
        }
    }

    /// <summary>The caller with a name, if it comes soon: a line that waits is of no use.</summary>
    private async Task<Caller> ResolveNameAsync(long idInstance, Caller caller, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(2 * PollInterval, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await connection.CallerNames.ResolveAsync(idInstance, caller, isRinging: true, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return caller;
        }
    }

    private bool CheckResult<T>(GreenApiResult<T> answer)
    {
        if (answer.IsOk)
        {
            (_hasSucceeded, _failureCount, _lastStatus) = (true, 0, answer.Status);
            return true;
        }

        GreenApiErrors.ThrowIfPermanent(connection.Instance, answer, _hasSucceeded);
        if (_lastStatus != answer.Status)
        {
            WriteMessage(GreenApiErrors.Describe(connection.Instance, answer));
        }

        _lastStatus = answer.Status;
        return false;
    }

    private TimeSpan NextRetryDelay()
    {
        var growing = PollInterval * Math.Pow(2, Math.Min(_failureCount++, 10));
        return PollerStateMapping.FindFixedDelay(PollerStateMapping.FromStatus(_lastStatus)) ?? (growing < MaxRetryDelay ? growing : MaxRetryDelay);
    }

    private void WriteMessage(string sentence) => invocation.Terminal.Error.WriteLine(sentence);

    private void Write(TailLine line) => invocation.Output.Write(line, CliJsonContext.Readable.TailLine);
}

/// <summary>The calls that were seen: what a notification changes is for the packages' own reducer to say.</summary>
internal sealed class CallTracker(TimeProvider time)
{
    private static readonly TimeSpan RetentionPeriod = TimeSpan.FromHours(72);

    private readonly ExpiringCache<CallKey, CallHistory> _calls = new(time, () => 10_000);

    public CallTransition ApplyNotification(IncomingCallNotification notification)
    {
        var key = new CallKey(notification.Instance.IdInstance, notification.IdMessage);
        var before = _calls.TryGet(key, out var known) ? known : null;
        var step = CallTransitions.ApplyNotification(before, new() { Notification = notification, Decision = CallDecision.Handle(), ReceivedAt = time.GetUtcNow() });
        _calls.Set(key, step.History, RetentionPeriod);
        return step;
    }
}
