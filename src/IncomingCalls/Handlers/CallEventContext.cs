namespace IncomingCalls;

/// <summary>What a filter sees of one invocation.</summary>
public sealed class CallEventContext
{
    /// <summary>The event.</summary>
    public required CallEvent Event { get; init; }

    /// <summary>The stored name of the handler.</summary>
    public required string HandlerName { get; init; }

    /// <summary>The scope of this attempt.</summary>
    public required IServiceProvider Services { get; init; }
}
