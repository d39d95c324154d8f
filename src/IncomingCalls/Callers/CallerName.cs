namespace IncomingCalls;

/// <summary>A name that a resolver found.</summary>
public sealed class CallerName
{
    /// <summary>The name; white space counts as no name.</summary>
    public required string Name { get; init; }

    /// <summary>Where it was found, a word of the resolver's choice; becomes <see cref="Caller.NameSource"/>.</summary>
    public required string Source { get; init; }

    /// <summary>
    /// Whether it only stands in for a name, as a phone number does: it is shown like one, but asked for anew as soon as if there
    /// were none (<see cref="IncomingCallsOptions.MissingCallerNameCacheDuration"/>), since the caller may get a name at any time.
    /// </summary>
    /// <value>Default: false.</value>
    public bool IsFallback { get; init; }
}
