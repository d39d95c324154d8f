namespace IncomingCalls;

/// <summary>A name that a resolver found.</summary>
public sealed class CallerName
{
    /// <summary>The name; white space counts as no name.</summary>
    public required string Name { get; init; }

    /// <summary>Where it was found, a word of the resolver's choice; becomes <see cref="Caller.NameSource"/>.</summary>
    public required string Source { get; init; }
}
