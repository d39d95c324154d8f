namespace IncomingCalls.Callers;

/// <summary>The pending lookup of a caller's name, shared by all who wait for it.</summary>
internal sealed class CallerNameLookup(CallerNameQuery query, Func<Task<CallerName?>> lookUp)
{
    // Lazy, because ConcurrentDictionary.GetOrAdd may create several lookups and use one of them.
    private readonly Lazy<Task<CallerName?>> _result = new(lookUp);

    public CallerNameQuery Query => query;

    /// <summary>The result of the lookup, which starts when this property is read first.</summary>
    public Task<CallerName?> Result => _result.Value;
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
