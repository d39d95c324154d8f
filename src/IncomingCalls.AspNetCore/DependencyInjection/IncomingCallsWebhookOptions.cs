namespace IncomingCalls;

/// <summary>
/// The options of the webhook endpoint; configuration section <c>IncomingCalls:Webhook</c>. Validated when the host starts, and
/// read anew at each request, so that a change of configuration needs no restart. A change that is not valid is logged as an
/// Error and not used: the options before it stay in force, a removed last token included.
/// </summary>
public sealed class IncomingCallsWebhookOptions
{
    internal const int MaxBodyBytesLowerBound = 1024;
    internal const int MaxBodyBytesUpperBound = 16 * 1024 * 1024;

    /// <summary>
    /// The tokens that requests of any instance may carry, as in the setting <c>webhookUrlToken</c> of the instances; with or
    /// without a leading <c>Bearer</c> or <c>Basic</c>. Write two while a token is being replaced. The tokens of a single
    /// instance are in <see cref="CallInstance.WebhookTokens"/>.
    /// </summary>
    /// <value>Default: null. The host does not start without a token unless <see cref="AllowAnonymous"/> is set or an instance source is registered.</value>
    public IReadOnlyList<string>? Tokens { get; set; }

    /// <summary>
    /// Whether requests need no token; the Authorization header is then not looked at. Only for an endpoint that strangers
    /// cannot reach.
    /// </summary>
    /// <value>Default: false.</value>
    public bool AllowAnonymous { get; set; }

    /// <summary>How long a request's body may be, in bytes; a longer one is answered 413.</summary>
    /// <value>Default: 1,048,576 (1 MiB). Range: 1,024 to 16,777,216.</value>
    public int MaxBodyBytes { get; set; } = 1024 * 1024;

    /// <summary>
    /// The networks that requests may come from, such as <c>203.0.113.0/24</c>, or single addresses. Behind a proxy this works
    /// only with the forwarded-headers middleware, since it is the address of the connection that counts.
    /// </summary>
    /// <value>Default: null, from anywhere.</value>
    public IReadOnlyList<string>? AllowedSenders { get; set; }
}
