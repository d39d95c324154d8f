namespace IncomingCalls;

/// <summary>A caller's name is being asked for, once for all who want it.</summary>
internal sealed class CallerNameLookup(CallerNameQuery query, Func<Task<CallerName?>> ask)
{
    // Lazily, because a dictionary may make several of these and use one.
    private readonly Lazy<Task<CallerName?>> _answer = new(ask);

    public CallerNameQuery Query => query;

    public Task<CallerName?> Answer => _answer.Value;
}
