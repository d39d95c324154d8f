using IncomingCalls.Shared;
using Microsoft.Extensions.Options;

namespace IncomingCalls;

/// <summary>
/// The options of <c>AddGreenApi</c>; configuration section <c>GreenApi</c>. They are validated when the host starts. Changes of the
/// configuration take effect while the host runs.
/// </summary>
public sealed class GreenApiOptions
{
    /// <summary>The keys of the section, those of version 1 included.</summary>
    internal static readonly KnownKeys Keys = new()
    {
        { nameof(Instances), KnownKeys.List(GreenApiInstanceOptions.Keys) },
        nameof(ReceiveTimeout),
        nameof(InitialRetryDelay),
        nameof(MaxRetryDelay),
        nameof(CallerNames),
        nameof(CallerNamesPerSecond),
        nameof(CallerNameRequestTimeout),
        nameof(CallerNameQuotaPause),
        nameof(CallJournal),
        nameof(LinkedIdLookupsPerMonth),
        { "CallerNameTimeout", KnownKeys.Renamed(nameof(CallerNameRequestTimeout)) },
        { "CallerNamesPause", KnownKeys.Renamed(nameof(CallerNameQuotaPause)) },
        { "FirstRetryDelay", KnownKeys.Renamed(nameof(InitialRetryDelay)) },
        { "LongestRetryDelay", KnownKeys.Renamed(nameof(MaxRetryDelay)) },
    };

    internal static readonly TimeSpan MinReceiveTimeout = TimeSpan.FromSeconds(5);
    internal static readonly TimeSpan MaxReceiveTimeout = TimeSpan.FromSeconds(60);

    /// <summary>The instances. A host that stores its instances elsewhere adds an <see cref="IInstanceSource"/> instead or in addition.</summary>
    /// <value>Default: null, which means no instances.</value>
#pragma warning disable SYSLIB1213 // Each entry is validated by itself, because an invalid one is skipped and must not prevent the host from starting.
    public IList<GreenApiInstanceOptions>? Instances { get; set; }
#pragma warning restore SYSLIB1213

    /// <summary>
    /// How long the API waits for a notification before it responds that the queue is empty, see
    /// <see href="https://green-api.com/en/docs/api/receiving/technology-http-api/ReceiveNotification/">ReceiveNotification</see>.
    /// </summary>
    /// <value>Default: 20 seconds. Range: 5 to 60 whole seconds.</value>
    public TimeSpan ReceiveTimeout { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// The delay of a poller before the first retry after a failure; it doubles with each further failure. Jitter shortens the delay by up
    /// to half.
    /// </summary>
    /// <value>Default: 1 second. Range: 100 milliseconds to 1 minute.</value>
    public TimeSpan InitialRetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest delay between two attempts of a poller, before jitter.</summary>
    /// <value>Default: 1 minute. Range: 1 second to 10 minutes, and not below <see cref="InitialRetryDelay"/>.</value>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Whether caller names are requested with
    /// <see href="https://green-api.com/en/docs/api/service/GetContactInfo/">GetContactInfo</see> when no resolver of the host has a name.
    /// </summary>
    /// <value>Default: true.</value>
    public bool CallerNames { get; set; } = true;

    /// <summary>
    /// How many GetContactInfo requests per second and instance the API allows, see
    /// <see href="https://green-api.com/en/docs/api/ratelimiter/">Rate limiter</see>: 1 for WhatsApp, 10 for MAX.
    /// </summary>
    /// <value>Default: 1. Range: 1 to 10.</value>
    [NumberRange(1, 10)]
    public int CallerNamesPerSecond { get; set; } = 1;

    /// <summary>The timeout of one GetContactInfo request.</summary>
    /// <value>Default: 5 seconds. Range: 1 second to 1 minute.</value>
    public TimeSpan CallerNameRequestTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long caller name requests of an instance are paused after its quota or its limit of lookups was reached (466, 469). Quotas
    /// are counted per month; the pause ends earlier than the month so that a larger plan takes effect.
    /// </summary>
    /// <value>Default: 1 hour. Range: 1 minute to 1 day.</value>
    public TimeSpan CallerNameQuotaPause { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// What the call journal of the API is used for, see
    /// <see href="https://green-api.com/en/docs/api/journals/LastIncomingCalls/">LastIncomingCalls</see>. An instance without a token, or on a plan without journals, is not asked.
    /// </summary>
    /// <value>Default: <see cref="CallJournalUse.Outcomes"/>.</value>
    public CallJournalUse CallJournal { get; set; } = CallJournalUse.Outcomes;

    /// <summary>
    /// How many phone numbers of linked ids (<c>…@lid</c>) this process requests per month (UTC) and instance with
    /// <see href="https://green-api.com/en/docs/api/service/CheckWhatsapp/">CheckWhatsapp</see>, each linked id once a day at most. 0 switches the requests
    /// off. The plan limits them too: 100 per month on the Developer plan, 30,000 on Business. When its quota is used up (466), they stop until the 1st.
    /// The count is in memory and begins again with a restart.
    /// </summary>
    /// <value>Default: 500. Range: 0 to 30,000.</value>
    [NumberRange(0, 30_000)]
    public int LinkedIdLookupsPerMonth { get; set; } = 500;
}

/// <summary>What the call journal of the API is used for.</summary>
public enum CallJournalUse
{
    /// <summary>Nothing: the journal is not asked.</summary>
    Off = 0,

    /// <summary>
    /// For what no notification has reported: the outcome of a call, for up to 24 hours, and who called when the notifications name the instance itself. At most one request per journal, instance
    /// and minute.
    /// </summary>
    Outcomes,

    /// <summary>
    /// As <see cref="Outcomes"/>, and for calls that no notification has announced, see <see cref="CallSource.Journal"/>: from ten minutes after their end, once five announced calls have shown that the
    /// ids in the journal are those of the notifications. Needs a durable inbox.
    /// </summary>
    OutcomesAndCalls,
}

/// <summary>One entry of <see cref="GreenApiOptions.Instances"/>. An invalid entry is logged as an error and skipped.</summary>
public sealed class GreenApiInstanceOptions
{
    /// <summary>The keys of an entry.</summary>
    internal static readonly KnownKeys Keys = new()
    {
        nameof(IdInstance),
        nameof(ApiTokenInstance),
        nameof(ApiUrl),
        nameof(Receive),
        nameof(Scenario),
        nameof(Name),
        nameof(Account),
        nameof(Culture),
        nameof(TimeZone),
        { nameof(Labels), KnownKeys.Entries(nameof(CallLabel.MissedCall)) },
        nameof(CallerNamesPerSecond),
        nameof(LinkedIdLookupsPerMonth),
    };

    /// <summary>The number of the instance, as the GREEN-API console shows it.</summary>
    /// <value>Required.</value>
    public long IdInstance { get; set; }

    /// <summary>
    /// The API token, as the GREEN-API console shows it. An instance that only posts to the webhook works without a token; its callers then
    /// have no names.
    /// </summary>
    /// <value>Default: null. Required for polling.</value>
    public string? ApiTokenInstance { get; set; }

    /// <summary>
    /// The address of the API, as the GREEN-API console shows it, for example <c>https://7103.api.greenapi.com</c>. A path, as in
    /// <c>…/v3</c>, becomes part of every request address.
    /// </summary>
    /// <value>Default: null, which means <c>https://api.green-api.com</c>.</value>
    public string? ApiUrl { get; set; }

    /// <summary>How the notifications of the instance reach this host, or that its calls are read from the call journal.</summary>
    /// <value>Default: <see cref="ReceiveMode.Polling"/>.</value>
    public ReceiveMode Receive { get; set; }

    /// <summary>The scenario of the instance.</summary>
    /// <value>Default: null, which means <see cref="IncomingCallsOptions.Scenario"/>.</value>
    public CallScenario? Scenario { get; set; }

    /// <summary>The name of the line that people know, see <see cref="CallInstance.Name"/>.</summary>
    /// <value>Default: null, which means the number of the instance.</value>
    public string? Name { get; set; }

    /// <summary>The customer whom the instance belongs to, see <see cref="CallInstance.Account"/>.</summary>
    /// <value>Default: null, none.</value>
    public string? Account { get; set; }

    /// <summary>The language of the chat records of the instance.</summary>
    /// <value>Default: null, which means that of the account, or else <see cref="IncomingCallsOptions.Culture"/>.</value>
    public string? Culture { get; set; }

    /// <summary>The time zone of the chat records of the instance, as an IANA name such as <c>Europe/Moscow</c>.</summary>
    /// <value>Default: null, which means that of the account, or else <see cref="IncomingCallsOptions.TimeZone"/>.</value>
    public string? TimeZone { get; set; }

    /// <summary>Texts of the chat records of the instance, by label, see <see cref="CallInstance.Labels"/>.</summary>
    /// <value>Default: null.</value>
    public IDictionary<CallLabel, string>? Labels { get; set; }

    /// <summary>How many GetContactInfo requests per second the API allows for this instance.</summary>
    /// <value>Default: null, which means <see cref="GreenApiOptions.CallerNamesPerSecond"/>. Range: 1 to 10.</value>
    [NumberRange(1, 10)]
    public int? CallerNamesPerSecond { get; set; }

    /// <summary>How many phone numbers of linked ids are requested per month (UTC) for this instance; 0 for none.</summary>
    /// <value>Default: null, which means <see cref="GreenApiOptions.LinkedIdLookupsPerMonth"/>. Range: 0 to 30,000.</value>
    [NumberRange(0, 30_000)]
    public int? LinkedIdLookupsPerMonth { get; set; }

    /// <summary>The reason why the entry could not be read from the configuration, as a sentence; null when it was read.</summary>
    internal string? BindingError { get; init; }
}

/// <summary>
/// Validates the options; every message names the key and what to write. Instances are not validated here, because an invalid entry must
/// not prevent the host from starting.
/// </summary>
/// <param name="bound">The sections that were bound to the options.</param>
internal sealed class GreenApiOptionsValidator(IEnumerable<BoundSection<GreenApiOptions>> bound) : IValidateOptions<GreenApiOptions>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly GreenApiOptionsRanges _ranges = new();

    public ValidateOptionsResult Validate(string? name, GreenApiOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var check = new OptionsCheck("GreenApi", bound.Select(section => section.Section));
        if (check.RequireBetween("ReceiveTimeout", options.ReceiveTimeout, GreenApiOptions.MinReceiveTimeout, GreenApiOptions.MaxReceiveTimeout))
        {
            check.Require(options.ReceiveTimeout.Ticks % TimeSpan.TicksPerSecond == 0, "ReceiveTimeout", "is not a number of whole seconds. Write 00:00:20, for example.");
        }

        if (check.RequireBetween("InitialRetryDelay", options.InitialRetryDelay, TimeSpan.FromMilliseconds(100), Minute)
            & check.RequireBetween("MaxRetryDelay", options.MaxRetryDelay, Second, 10 * Minute))
        {
            check.Require(options.MaxRetryDelay >= options.InitialRetryDelay, "MaxRetryDelay", "is shorter than InitialRetryDelay. Write a longer one.");
        }

        check.RequireBetween("CallerNameRequestTimeout", options.CallerNameRequestTimeout, Second, Minute);
        check.RequireBetween("CallerNameQuotaPause", options.CallerNameQuotaPause, Minute, TimeSpan.FromDays(1));
        check.RequireDefined<CallJournalUse>("CallJournal", options.CallJournal);
        check.RequireRanges(_ranges, options);
        return check.Result;
    }
}

/// <summary>Validates the ranges of the whole numbers, which are declared by attributes.</summary>
[OptionsValidator]
internal sealed partial class GreenApiOptionsRanges : IValidateOptions<GreenApiOptions>;

/// <summary>Validates the ranges of the whole numbers of one entry.</summary>
[OptionsValidator]
internal sealed partial class GreenApiInstanceOptionsRanges : IValidateOptions<GreenApiInstanceOptions>;
