namespace IncomingCalls.Callers;

/// <summary>The pending lookup of a caller's name and phone number, shared by all who wait for it.</summary>
internal sealed class CallerNameLookup
{
    private readonly TaskCompletionSource _partlyEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Lazy, because ConcurrentDictionary.GetOrAdd may create several lookups and use one of them.
    private readonly Lazy<Task<CallerName?>> _result;

    public CallerNameLookup(CallerNameQuery query, Func<CallerNameLookup, Task<CallerName?>> lookUp)
    {
        Query = query;
        _result = new(() => lookUp(this));
    }

    public CallerNameQuery Query { get; }

    /// <summary>The result of the lookup, which starts when this property is read first: what was found; null for nothing.</summary>
    public Task<CallerName?> Result => _result.Value;

    /// <summary>Completes when the name or the phone number is in the cache, although the other may not be known yet; at the latest with the lookup.</summary>
    public Task PartlyEnded => _partlyEnded.Task;

    public void EndPartly() => _partlyEnded.TrySetResult();
}

/// <summary>A lookup that has ended.</summary>
internal sealed class CallerNameLookupEnded
{
    /// <summary>The number of the instance that was called.</summary>
    public required long IdInstance { get; init; }

    /// <summary>The chat id of the caller.</summary>
    public required ChatId ChatId { get; init; }

    /// <summary>The name that was found; null if there is none, or if the lookup has failed.</summary>
    public required CallerName? Name { get; init; }
}

/// <summary>A lookup for an alert, which is shown while the lookup is pending.</summary>
internal readonly struct PendingCaller
{
    /// <summary>Completes when a part of the result is known, see <see cref="CallerNameLookup.PartlyEnded"/>.</summary>
    public required Task PartlyEnded { get; init; }

    /// <summary>The caller with everything that was found. Does not fail.</summary>
    public required Task<Caller> Result { get; init; }
}
