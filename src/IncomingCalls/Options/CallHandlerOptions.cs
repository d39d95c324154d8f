namespace IncomingCalls;

/// <summary>The options of one handler.</summary>
public sealed class CallHandlerOptions
{
    /// <summary>
    /// The unique name under which the deliveries of the handler are stored. Set a name that does not depend on the name of the
    /// class: if a name no longer exists after a deployment, its pending deliveries are not handled.
    /// </summary>
    /// <value>Default: null, the full name of the type.</value>
    public string? Name { get; set; }

    /// <summary>The kinds of event that the handler receives.</summary>
    /// <value>Default: null, all kinds except <see cref="CallEventKind.CallbackClosed"/>.</value>
    public IReadOnlyCollection<CallEventKind>? Kinds { get; set; }

    /// <summary>The directions of the calls whose events the handler receives. <see cref="CallEventKind.CallbackClosed"/> has none.</summary>
    /// <value>Default: null, incoming calls only.</value>
    public IReadOnlyCollection<CallDirection>? Directions { get; set; }

    /// <summary>The delays before the retries. The number of entries is the number of retries.</summary>
    /// <value>Default: null, <see cref="IncomingCallsOptions.RetryDelays"/>. Range of each delay: 0 to 24 hours.</value>
    public IReadOnlyList<TimeSpan>? RetryDelays { get; set; }

    /// <summary>The timeout of one attempt, after which its token is cancelled and it counts as failed.</summary>
    /// <value>Default: null, <see cref="IncomingCallsOptions.HandlerTimeout"/>. Range: 1 second to 10 minutes.</value>
    public TimeSpan? Timeout { get; set; }

    /// <summary>
    /// Whether the events of a call wait for the caller's name, until it is found or <see cref="IncomingCallsOptions.CallerNameWait"/> has elapsed
    /// since the first notification of the call. Without the wait, <see cref="CallEvent.Caller"/> has the name if it is known when the attempt starts.
    /// </summary>
    /// <value>Default: false for handlers, true for chat recorders.</value>
    public bool WaitForCallerName { get; set; }

    /// <summary>
    /// How long the events of an unanswered call wait, from the receipt of the outcome: a call that was missed on one device may be answered on another one seconds later.
    /// If the outcome changes meanwhile, the handler receives only the event of the new outcome, as if it were the first. Requires a durable inbox.
    /// </summary>
    /// <value>Default: zero, no wait. Range: 0 to 10 minutes. For a CRM, 20 seconds are recommended.</value>
    public TimeSpan UnansweredSettleTime { get; set; }

    /// <summary>Limits how often the attempts of the handler start.</summary>
    /// <value>Default: null, no limit.</value>
    public CallHandlerRateLimit? RateLimit { get; set; }

    /// <summary>
    /// Gets the destination of an event, such as the portal of a customer, before its attempt: the deliveries to a destination that is unavailable are then not attempted, and those to
    /// other destinations run beside them. The destination takes the place of the instance in <see cref="IncomingCallsOptions.MaxConcurrentAttemptsPerInstance"/>: all instances that have the same
    /// one share its slots. All its events should belong to one <see cref="CallHandlerRateLimit.Partition"/>. It runs before the notification is acknowledged, and possibly several times: decide from memory. If the function throws or returns null, the
    /// event has no destination until an attempt throws <see cref="DestinationUnavailableException"/>.
    /// </summary>
    /// <value>Default: null, the partition of <see cref="RateLimit"/>, or else none.</value>
    public Func<CallEvent, string?>? Destination { get; set; }

    /// <summary>How long a delivery waits for an unavailable destination before it becomes a dead letter: since it was received, or since the pause began if that is later.</summary>
    /// <value>Default: 7 days. Range: 1 second to 30 days.</value>
    public TimeSpan MaxPause { get; set; } = TimeSpan.FromDays(7);
}
