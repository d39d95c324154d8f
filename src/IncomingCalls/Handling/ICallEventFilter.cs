namespace IncomingCalls;

/// <summary>
/// Wraps every invocation of every handler, for example for logging, tenancy or transactions. The filter registered first is the outermost.
/// </summary>
/// <remarks>
/// A filter is resolved from the scope of the attempt. If it does not call <c>next</c>, the handler does not run and the delivery succeeds.
/// </remarks>
public interface ICallEventFilter
{
    /// <summary>Runs the filter around the handler.</summary>
    /// <param name="context">The event, the handler and the scope of the attempt.</param>
    /// <param name="next">The next filter, or the handler.</param>
    /// <param name="cancellationToken">The token of the attempt, to be passed to <paramref name="next"/>.</param>
    /// <returns>A task that completes when the filter and the handler have finished.</returns>
    ValueTask InvokeAsync(CallEventContext context, CallEventDelegate next, CancellationToken cancellationToken);
}

/// <summary>The context of one invocation of a handler.</summary>
public sealed class CallEventContext
{
    /// <summary>The event.</summary>
    public required CallEvent Event { get; init; }

    /// <summary>The name of the handler, under which its progress is stored.</summary>
    public required string HandlerName { get; init; }

    /// <summary>The services of the scope of this attempt.</summary>
    public required IServiceProvider Services { get; init; }
}

/// <summary>The rest of a handler's pipeline: the next filter, or the handler.</summary>
/// <param name="context">The event, the handler and the scope of the attempt.</param>
/// <param name="cancellationToken">The token of the attempt.</param>
/// <returns>A task that completes when the rest of the pipeline has finished.</returns>
public delegate ValueTask CallEventDelegate(CallEventContext context, CancellationToken cancellationToken);
