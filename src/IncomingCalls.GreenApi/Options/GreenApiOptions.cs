using IncomingCalls.Shared;
using Microsoft.Extensions.Options;

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

/// <summary>One entry of <see cref="GreenApiOptions.Instances"/>. An entry that cannot work is logged as an error and skipped.</summary>
public sealed class GreenApiInstanceOptions
{
    /// <summary>The number of the instance, as the console shows it.</summary>
    /// <value>Required.</value>
    public long IdInstance { get; set; }

    /// <summary>The secret of the API, as the console shows it. An instance that only posts to the webhook may do without; its callers then have no names.</summary>
    /// <value>Default: null. Required for polling.</value>
    public string? ApiTokenInstance { get; set; }

    /// <summary>The address of the API as the console shows it, for example <c>https://7103.api.greenapi.com</c>. A path, as in <c>…/v3</c>, is kept.</summary>
    /// <value>Default: null, which means <c>https://api.green-api.com</c>.</value>
    public string? ApiUrl { get; set; }

    /// <summary>How its notifications reach us.</summary>
    /// <value>Default: <see cref="ReceiveMode.Polling"/>.</value>
    public ReceiveMode Receive { get; set; }

    /// <summary>Its scenario.</summary>
    /// <value>Default: null, which means <see cref="IncomingCallsOptions.Scenario"/>.</value>
    public CallScenario? Scenario { get; set; }

    /// <summary>How many GetContactInfo requests per second the API allows this instance.</summary>
    /// <value>Default: null, which means <see cref="GreenApiOptions.CallerNamesPerSecond"/>. Range: 1 to 10.</value>
    public int? CallerNamesPerSecond { get; set; }

    /// <summary>Why the entry could not be read from the configuration; null when it could.</summary>
    internal string? BindingError { get; init; }
}

/// <summary>
/// Says which key is wrong and what to write. It does not look at the instances: one that cannot work is one instance's
/// trouble, not the host's.
/// </summary>
internal sealed class GreenApiOptionsValidator : IValidateOptions<GreenApiOptions>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public ValidateOptionsResult Validate(string? name, GreenApiOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var check = new OptionsCheck("GreenApi");
        check.RequireBetween("ReceiveTimeout", options.ReceiveTimeout, GreenApiOptions.MinReceiveTimeout, GreenApiOptions.MaxReceiveTimeout);
        check.Require(options.ReceiveTimeout.Ticks % TimeSpan.TicksPerSecond == 0, "ReceiveTimeout", "is not a number of whole seconds. Write 00:00:20, for example.");
        check.RequireBetween("InitialRetryDelay", options.InitialRetryDelay, TimeSpan.FromMilliseconds(100), Minute);
        check.RequireBetween("MaxRetryDelay", options.MaxRetryDelay, Second, 10 * Minute);
        check.Require(options.MaxRetryDelay >= options.InitialRetryDelay, "MaxRetryDelay", "is shorter than InitialRetryDelay. Write a longer one.");
        check.RequireBetween("CallerNameRequestTimeout", options.CallerNameRequestTimeout, Second, Minute);
        check.RequireBetween("CallerNameQuotaPause", options.CallerNameQuotaPause, Minute, TimeSpan.FromDays(1));
        check.RequireBetween("CallerNamesPerSecond", options.CallerNamesPerSecond, 1, 10);
        return check.Result;
    }
}
