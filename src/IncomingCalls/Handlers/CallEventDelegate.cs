namespace IncomingCalls;

/// <summary>The rest of the way to a handler.</summary>
/// <param name="context">What is handled, and by whom.</param>
/// <param name="cancellationToken">The handler's token.</param>
/// <returns>When the work is done.</returns>
public delegate ValueTask CallEventDelegate(CallEventContext context, CancellationToken cancellationToken);
