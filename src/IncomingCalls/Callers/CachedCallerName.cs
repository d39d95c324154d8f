using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inboxes;

/// <summary>A caller's name as it is cached, so that an inbox can keep it over a restart.</summary>
[Experimental("ICEXP001")]
public sealed record CachedCallerName
{
    /// <summary>The instance that was called.</summary>
    public required long IdInstance { get; init; }

    /// <summary>The caller.</summary>
    public required ChatId ChatId { get; init; }

    /// <summary>The name and who told it.</summary>
    public required CallerName Name { get; init; }

    /// <summary>Until when it is good, in UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
