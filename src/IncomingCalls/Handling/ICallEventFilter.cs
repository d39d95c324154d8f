namespace IncomingCalls;

/// <summary>
/// Wraps every invocation of every handler, for logging, tenancy or transactions. The filter registered first is outermost.
/// </summary>
/// <remarks>Resolved from the handler's own scope. Not calling <c>next</c> means that the event counts as handled.</remarks>
public interface ICallEventFilter
{
    /// <summary>Runs around the handler.</summary>
    /// <param name="context">What is handled, and by whom.</param>
    /// <param name="next">The next filter, or the handler.</param>
    /// <param name="cancellationToken">The handler's token.</param>
    /// <returns>When the work is done.</returns>
    ValueTask InvokeAsync(CallEventContext context, CallEventDelegate next, CancellationToken cancellationToken);
}

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

/// <summary>The rest of the way to a handler.</summary>
/// <param name="context">What is handled, and by whom.</param>
/// <param name="cancellationToken">The handler's token.</param>
/// <returns>When the work is done.</returns>
public delegate ValueTask CallEventDelegate(CallEventContext context, CancellationToken cancellationToken);
