namespace IncomingCalls;

/// <summary>
/// The options of <c>AddGreenApi</c>; configuration section <c>GreenApi</c>. Validated when the host starts; changes of the
/// configuration are followed while it runs.
/// </summary>
public sealed class GreenApiOptions
{
    internal static readonly TimeSpan MinReceiveTimeout = TimeSpan.FromSeconds(5);
    internal static readonly TimeSpan MaxReceiveTimeout = TimeSpan.FromSeconds(60);

    /// <summary>The instances. A host that keeps its own elsewhere adds an <see cref="IInstanceSource"/> instead, or as well.</summary>
    /// <value>Default: null, none.</value>
    public IList<GreenApiInstanceOptions>? Instances { get; set; }

    /// <summary>
    /// How long the API waits for a notification before it answers that there is none, see
    /// <see href="https://green-api.com/en/docs/api/receiving/technology-http-api/ReceiveNotification/">ReceiveNotification</see>.
    /// </summary>
    /// <value>Default: 20 seconds. Range: 5 to 60 whole seconds.</value>
    public TimeSpan ReceiveTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>The wait of a poller after a first failure; it doubles with each further one. Before jitter, which takes up to half of it.</summary>
    /// <value>Default: 1 second. Range: 100 milliseconds to 1 minute.</value>
    public TimeSpan InitialRetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait of a poller between tries, before jitter.</summary>
    /// <value>Default: 1 minute. Range: 1 second to 10 minutes, and not below <see cref="InitialRetryDelay"/>.</value>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Whether callers' names are asked for with
    /// <see href="https://green-api.com/en/docs/api/service/GetContactInfo/">GetContactInfo</see>, after all resolvers of the host.
    /// </summary>
    /// <value>Default: true.</value>
    public bool CallerNames { get; set; } = true;

    /// <summary>
    /// How many GetContactInfo requests per second and instance the API allows, see
    /// <see href="https://green-api.com/en/docs/api/ratelimiter/">Rate limiter</see>: 1 for WhatsApp, 10 for MAX.
    /// </summary>
    /// <value>Default: 1. Range: 1 to 10.</value>
    public int CallerNamesPerSecond { get; set; } = 1;

    /// <summary>How long one GetContactInfo request may take.</summary>
    /// <value>Default: 5 seconds. Range: 1 second to 1 minute.</value>
    public TimeSpan CallerNameRequestTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long no names are asked for on an instance whose quota or limit of look-ups is used up (466, 469). Quotas are counted by
    /// the month; now and then somebody buys a larger one.
    /// </summary>
    /// <value>Default: 1 hour. Range: 1 minute to 1 day.</value>
    public TimeSpan CallerNameQuotaPause { get; set; } = TimeSpan.FromHours(1);
}
