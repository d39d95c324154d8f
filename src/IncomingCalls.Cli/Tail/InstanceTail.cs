namespace IncomingCalls.Cli;

/// <summary>Follows the queue of one instance.</summary>
internal sealed class InstanceTail(GreenApiConnection connection, Invocation invocation)
{
    /// <summary>Between two looks at a head that stays; a host that polls the same instance is not disturbed by it.</summary>
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>After so many looks at the same head somebody has to be told why nothing else comes.</summary>
    private const int StuckAfter = 5;

    private readonly TimeProvider _time = invocation.Terminal.Time;
    private readonly CallLedger _ledger = new(invocation.Terminal.Time);
    private GreenApiStatus _last = GreenApiStatus.Ok;
    private bool _wasWell;
    private int _failures;
    private ReadOnlyMemory<byte> _head;
    private int _looks;
    private int _shown;

    public required bool Consumes { get; init; }

    public required bool AsksNames { get; init; }

    public required int Count { get; init; }

    /// <exception cref="CommandFailedException">GREEN-API will not answer, however often it is asked.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (_shown < Count)
        {
            var wait = await TurnAsync(cancellationToken);
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait, _time, cancellationToken);
            }
        }
    }

    /// <summary>One look at the head.</summary>
    /// <returns>How long to wait before the next.</returns>
    private async Task<TimeSpan> TurnAsync(CancellationToken cancellationToken)
    {
        var begun = _time.GetTimestamp();
        var answer = await connection.Client.ReceiveNotificationAsync(connection.Instance, cancellationToken: cancellationToken);
        if (!IsWell(answer))
        {
            return AfterFailure();
        }

        if (answer.Value is not { } notification)
        {
            // A queue that is empty at once is asked again slowly: the long poll did not wait.
            return _time.GetElapsedTime(begun) < LookAgain ? LookAgain : TimeSpan.Zero;
        }

        if (notification.ReceiptId is not { } receiptId)
        {
            throw GreenApiComplaint.SomethingElse(connection.Instance);
        }

        if (notification.Utf8Json.Span.SequenceEqual(_head.Span))
        {
            _looks++;
            WarnWhenStuck();
        }
        else
        {
            (_head, _looks) = (notification.Utf8Json, 0);
            await ShowAsync(notification, cancellationToken);
        }

        return Consumes ? await DeleteAsync(receiptId, cancellationToken) : LookAgain;
    }

    private async Task<TimeSpan> DeleteAsync(long receiptId, CancellationToken cancellationToken)
    {
        var answer = await connection.Client.DeleteNotificationAsync(connection.Instance, receiptId, cancellationToken);
        return IsWell(answer) ? TimeSpan.Zero : AfterFailure();
    }

    private void WarnWhenStuck()
    {
        if (_looks == StuckAfter && !Consumes)
        {
            Tell("The head of the queue stays where it is: nobody takes it, and what waits behind it cannot be seen. --consume would delete it.");
        }
    }

    private async Task ShowAsync(ReceivedNotification notification, CancellationToken cancellationToken)
    {
        var reading = NotificationReader.Read(notification.Utf8Json.Span);
        if (reading.Call is not { } call)
        {
            Write(TailLine.Of(reading, _time.GetUtcNow()));
            return;
        }

        if (_ledger.Take(call) is { Event: { } happened } step)
        {
            var caller = AsksNames ? await NameAsync(call.Instance.IdInstance, step.Call.Caller, cancellationToken) : step.Call.Caller;
            Write(TailLine.Of(happened, step.Call, caller));
            _shown++;
        }
    }

    /// <summary>The caller with a name, if it comes soon: a line that waits is of no use.</summary>
    private async Task<Caller> NameAsync(long idInstance, Caller caller, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(2 * LookAgain, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await connection.Names.FindAsync(idInstance, caller, isRinging: true, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return caller;
        }
    }

    private bool IsWell<T>(GreenApiResult<T> answer)
    {
        if (answer.IsOk)
        {
            (_wasWell, _failures, _last) = (true, 0, answer.Status);
            return true;
        }

        GreenApiComplaint.ThrowIfFinal(connection.Instance, answer, _wasWell);
        if (_last != answer.Status)
        {
            Tell(GreenApiComplaint.Of(connection.Instance, answer));
        }

        _last = answer.Status;
        return false;
    }

    private TimeSpan AfterFailure()
    {
        var growing = LookAgain * Math.Pow(2, Math.Min(_failures++, 10));
        return PollerStates.WaitOf(PollerStates.Of(_last)) ?? (growing < LongestWait ? growing : LongestWait);
    }

    private void Tell(string sentence) => invocation.Terminal.Error.WriteLine(sentence);

    private void Write(TailLine line) => invocation.Output.Write(line, CliJsonContext.Readable.TailLine);
}
