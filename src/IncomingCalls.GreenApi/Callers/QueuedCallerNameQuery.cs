namespace IncomingCalls;

/// <summary>A query in a <see cref="ContactInfoRequestQueue"/>.</summary>
internal sealed class QueuedCallerNameQuery(CallerNameQuery query)
{
    public CallerNameQuery Query => query;

    /// <summary>Completes when its request may be sent.</summary>
    public TaskCompletionSource Permit { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
