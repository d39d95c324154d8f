namespace IncomingCalls;

/// <summary>A query in a <see cref="ContactLine"/>.</summary>
internal sealed class WaitingQuery(CallerNameQuery query)
{
    public CallerNameQuery Query => query;

    /// <summary>Completes when its request may be sent.</summary>
    public TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
