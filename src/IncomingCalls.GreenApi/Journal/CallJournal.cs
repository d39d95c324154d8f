namespace IncomingCalls.GreenApi.Journal;

/// <summary>
/// One of the two journals of an instance. It is requested at most once a minute, for all calls that are looked for, and one request at a time; the answer is used for a minute. Thread-safe.
/// </summary>
/// <param name="send">Requests the calls that have ended since a time of the given length.</param>
/// <param name="time">The clock.</param>
internal sealed class CallJournal(Func<TimeSpan, CancellationToken, Task<GreenApiResult<IReadOnlyList<GreenApiJournalCall>>>> send, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan MinInterval = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _gate = new(1);
    private IReadOnlyList<GreenApiJournalCall> _calls = [];
    private DateTimeOffset _requestedAt = DateTimeOffset.MinValue;

    /// <summary>Since when the last answer contains the calls; null before the first one, and after a failure.</summary>
    private DateTimeOffset? _since;

    /// <summary>Since when the calls are wanted that the last answer does not contain; null when there are none.</summary>
    private DateTimeOffset? _wantedSince;

    /// <summary>Gets the calls that have ended since a time.</summary>
    /// <param name="since">The time, in UTC: at most three days ago.</param>
    /// <param name="cancellationToken">The token that cancels the request.</param>
    public async Task<CallJournalReading> ReadAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var now = time.GetUtcNow();
            // A clock that is set back must not prevent requests.
            if (now < _requestedAt + MinInterval && now >= _requestedAt)
            {
                if (_since <= since)
                {
                    return new() { Calls = _calls };
                }

                _wantedSince = _wantedSince < since ? _wantedSince : since;
                return new() { AskAgainAt = _requestedAt + MinInterval };
            }

            var from = _wantedSince < since ? _wantedSince.Value : since;
            (_requestedAt, _since, _wantedSince) = (now, null, null);
            // Out of range only when the clock was changed.
            var age = TimeSpan.FromTicks(Math.Clamp((now - from).Ticks, GreenApiClient.MinJournalAge.Ticks, GreenApiClient.MaxJournalAge.Ticks));
            var result = await send(age, cancellationToken).ConfigureAwait(false);
            if (!result.IsOk)
            {
                return new() { Failure = result.Status, FailureText = result.ToString() };
            }

            (_calls, _since) = (result.Value!, from);
            return new() { Calls = _calls };
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();
}

/// <summary>The result of reading a journal: the calls, or a time to ask again, or a failure.</summary>
internal sealed class CallJournalReading
{
    /// <summary>The calls; null when the journal was not read.</summary>
    public IReadOnlyList<GreenApiJournalCall>? Calls { get; init; }

    /// <summary>When the journal may be requested again, in UTC; null when it was requested.</summary>
    public DateTimeOffset? AskAgainAt { get; init; }

    /// <summary>The status of a request that failed.</summary>
    public GreenApiStatus? Failure { get; init; }

    /// <summary>The failure, as a text that is safe for logs.</summary>
    public string? FailureText { get; init; }
}
