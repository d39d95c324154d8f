namespace IncomingCalls;

/// <summary>How one handler is run.</summary>
public sealed class CallHandlerOptions
{
    /// <summary>
    /// The name under which progress is stored; unique. Give one that survives renaming the class: a name that is missing after
    /// a deployment leaves its events unhandled.
    /// </summary>
    /// <value>Default: the full name of the type.</value>
    public string? Name { get; set; }

    /// <summary>The kinds of event the handler wants.</summary>
    /// <value>Default: null, all kinds.</value>
    public IReadOnlyCollection<CallEventKind>? Kinds { get; set; }

    /// <summary>The waits before each further attempt; as many retries as entries.</summary>
    /// <value>Default: null, <see cref="IncomingCallsOptions.RetryDelays"/>.</value>
    public IReadOnlyList<TimeSpan>? RetryDelays { get; set; }

    /// <summary>How long one attempt may take before its token is cancelled and it counts as failed.</summary>
    /// <value>Default: null, <see cref="IncomingCallsOptions.HandlerTimeout"/>.</value>
    public TimeSpan? Timeout { get; set; }
}
