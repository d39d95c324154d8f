using IncomingCalls.Shared;
using Microsoft.Extensions.Options;

namespace IncomingCalls;

/// <summary>The options of <c>AddIncomingCalls</c>; configuration section <c>IncomingCalls</c>. Validated when the host starts.</summary>
public sealed class IncomingCallsOptions
{
    /// <summary>The keys of the section, those of version 1 included.</summary>
    internal static readonly KnownKeys Keys = new()
    {
        nameof(Scenario),
        { nameof(InstanceScenarios), KnownKeys.Entries("1101000001") },
        nameof(Culture),
        { nameof(Labels), KnownKeys.Entries("ru", KnownKeys.Entries(nameof(CallLabel.MissedCall))) },
        nameof(TimeZone),
        { nameof(Accounts), KnownKeys.Entries("acme", CallAccountOptions.Keys) },
        nameof(AlertWindow),
        nameof(OutcomeTimeout),
        nameof(GroupCalls),
        nameof(OwnNumberCalls),
        nameof(HandlerTimeout),
        nameof(AcknowledgementTimeout),
        nameof(GiveUpAfter),
        nameof(GiveUpAfterRedeliveries),
        { nameof(RetryDelays), KnownKeys.List() },
        nameof(CallerNameWait),
        nameof(MaxConcurrentAttemptsPerInstance),
        nameof(InactivityThreshold),
        nameof(CallerNameCacheDuration),
        nameof(MissingCallerNameCacheDuration),
        nameof(MetricsPerInstance),
        { nameof(InMemory), InMemoryInboxOptions.Keys },
        { "Webhook", KnownKeys.OtherSection },
        { "Sqlite", KnownKeys.OtherSection },
        { "PostgreSql", KnownKeys.OtherSection },
        { "Orleans", KnownKeys.OtherSection },
        { "HandlerTimeLimit", KnownKeys.Renamed(nameof(HandlerTimeout)) },
        { "Retries", KnownKeys.Renamed(nameof(RetryDelays)) },
        { "ConcurrencyPerInstance", KnownKeys.Renamed(nameof(MaxConcurrentAttemptsPerInstance), "It counts per instance and handler.") },
        { "SilenceLimit", KnownKeys.Renamed(nameof(InactivityThreshold)) },
        { "NameLifetime", KnownKeys.Renamed(nameof(CallerNameCacheDuration)) },
        { "NoNameLifetime", KnownKeys.Renamed(nameof(MissingCallerNameCacheDuration)) },
        { "NameWait", KnownKeys.Renamed(nameof(CallerNameWait)) },
        {
            "Inline",
            new()
            {
                { "DeliveryTimeLimit", KnownKeys.Renamed(nameof(AcknowledgementTimeout)) },
                { "GiveUpAfter", KnownKeys.Renamed(nameof(GiveUpAfter)) },
                { "GiveUpAfterDeliveries", KnownKeys.Renamed(nameof(GiveUpAfterRedeliveries), "It does not count the first delivery, so its value is one less.") },
                { "RepeatWindow", KnownKeys.Renamed($"{nameof(InMemory)}:{nameof(InMemoryInboxOptions.DeduplicationWindow)}") },
                { "MaxCalls", KnownKeys.Renamed($"{nameof(InMemory)}:{nameof(InMemoryInboxOptions.MaxCalls)}") },
            }
        },
    };

    /// <summary>The scenario of the instances that have no scenario of their own.</summary>
    /// <value>Default: null, which means <see cref="CallScenario.AllStatuses"/>.</value>
    public CallScenario? Scenario { get; set; }

    /// <summary>The scenarios of single instances, by the number of the instance. They take precedence over <see cref="CallInstance.Scenario"/>.</summary>
    /// <value>Default: null.</value>
    public IDictionary<long, CallScenario>? InstanceScenarios { get; set; }

    /// <summary>The language of the chat records: a culture name such as <c>ru</c> or <c>he-IL</c>.</summary>
    /// <value>Default: null, English.</value>
    public string? Culture { get; set; }

    /// <summary>
    /// Texts that replace the built-in texts, by culture name (empty for every culture) and label; for example
    /// <c>IncomingCalls:Labels:ru:MissedCall</c>.
    /// </summary>
    /// <remarks>
    /// A text may contain placeholders: <c>{name}</c> is <see cref="Caller.DisplayName"/>, <c>{phone}</c> the caller's phone number (empty when it is not
    /// known), <c>{line}</c> <see cref="CallInstance.Name"/>, and <c>{time}</c> the time of the event as <c>15:04</c> in the time zone of the instance.
    /// </remarks>
    /// <value>Default: null.</value>
    public IDictionary<string, IDictionary<CallLabel, string>>? Labels { get; set; }

    /// <summary>The time zone of the times in chat records, as an IANA name such as <c>Europe/Moscow</c>.</summary>
    /// <value>Default: null, UTC.</value>
    public string? TimeZone { get; set; }

    /// <summary>The settings of accounts, by the name in <see cref="CallInstance.Account"/>, in which upper and lower case are the same.</summary>
    /// <value>Default: null.</value>
    public IDictionary<string, CallAccountOptions>? Accounts { get; set; }

    /// <summary>The maximum age of an offer that alerts an operator. The gateway can deliver up to 24 hours late.</summary>
    /// <value>Default: 1 minute. Range: 1 second to 1 hour.</value>
    public TimeSpan AlertWindow { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The time after an offer until <see cref="CallEventKind.OutcomeUnknown"/> is raised if no outcome has been reported. Zero means never.</summary>
    /// <value>Default: 15 minutes. Range: 0 to 24 hours.</value>
    public TimeSpan OutcomeTimeout { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>The treatment of group calls.</summary>
    /// <value>Default: <see cref="CallTreatment.Record"/>: a record in the chat of the group, and no alert.</value>
    public CallTreatment GroupCalls { get; set; }

    /// <summary>
    /// The treatment of calls whose offer names the instance itself as the caller. The gateway has been seen to report outgoing calls of the account like
    /// that, and calls of clients too, so the caller of such a call is unknown.
    /// </summary>
    /// <value>Default: <see cref="CallTreatment.Record"/>: a record without a caller, and no alert.</value>
    public CallTreatment OwnNumberCalls { get; set; }

    /// <summary>The timeout of one attempt of a handler.</summary>
    /// <value>Default: 30 seconds. Range: 1 second to 10 minutes.</value>
    public TimeSpan HandlerTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The total time for handling a notification before it is acknowledged, including retries. It applies to the handlers of other
    /// notifications with every inbox, and to all handlers with the in-memory inbox. The gateway waits 180 s for an answer.
    /// </summary>
    /// <value>Default: 2 minutes. Range: 1 second to 170 seconds.</value>
    public TimeSpan AcknowledgementTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long the handling of a notification before its acknowledgement must have been failing before the notification is given up:
    /// it is acknowledged and logged as Critical, so that it no longer blocks the gateway's queue. Null means never.
    /// </summary>
    /// <value>Default: 10 minutes. Range: 0 to 24 hours, or null.</value>
    public TimeSpan? GiveUpAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How many redeliveries of such a notification must have failed before it is given up.</summary>
    /// <value>Default: 4, which makes five transmissions with the first one. Range: 0 to 1000.</value>
    [NumberRange(0, 1000)]
    public int GiveUpAfterRedeliveries { get; set; } = 4;

    /// <summary>The delays before the retries of a durable inbox, before jitter. The in-memory inbox has fixed delays, because it relies on redeliveries of the gateway.</summary>
    /// <value>Default: null, which means 2 s, 10 s, 1 min, 10 min, 1 h, 6 h. Range of each delay: 0 to 24 hours.</value>
    public IReadOnlyList<TimeSpan>? RetryDelays { get; set; }

    /// <summary>
    /// The maximum time, from the first notification of a call, that chat records and the handlers with
    /// <see cref="CallHandlerOptions.WaitForCallerName"/> wait for the caller's name. The in-memory inbox waits at most 2 seconds, and not at all
    /// for a late notification, because it would delay the alerts for the next callers.
    /// </summary>
    /// <value>Default: 10 seconds. Range: 0 to 1 minute.</value>
    public TimeSpan CallerNameWait { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The maximum number of concurrent attempts of a handler for one instance, in one process, so that neither a busy instance nor a slow handler starves the others; for an event with a
    /// <see cref="CallHandlerOptions.Destination"/>, of a handler for one destination. The PostgreSQL inbox runs at most four. Operator alerts are not limited.
    /// </summary>
    /// <value>Default: 16. Range: 1 to 1000.</value>
    [NumberRange(1, 1000)]
    public int MaxConcurrentAttemptsPerInstance { get; set; } = 16;

    /// <summary>
    /// How long a listed instance may send no notification of any type, including messages, before the health check reports Degraded.
    /// Choose it by the usual traffic of the instances, also at night.
    /// </summary>
    /// <value>Default: null, no limit. Range: 1 minute to 30 days.</value>
    public TimeSpan? InactivityThreshold { get; set; }

    /// <summary>How long a caller name is cached.</summary>
    /// <value>Default: 6 hours. Range: 1 minute to 7 days.</value>
    public TimeSpan CallerNameCacheDuration { get; set; } = TimeSpan.FromHours(6);

    /// <summary>How long the absence of a caller name, or a fallback name, is cached.</summary>
    /// <value>Default: 10 minutes. Range: 0 to 7 days.</value>
    public TimeSpan MissingCallerNameCacheDuration { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Whether the metrics have the tag <c>incoming_calls.instance</c>, which makes a time series for each instance. It is meant for hosts with few
    /// instances: many metric stores are billed by the number of series.
    /// </summary>
    /// <value>Default: false.</value>
    public bool MetricsPerInstance { get; set; }

    /// <summary>The options of the in-memory inbox.</summary>
    [ValidateObjectMembers]
    public InMemoryInboxOptions InMemory { get; set; } = new();
}

/// <summary>Validates the options. Each failure names the key and a valid value.</summary>
/// <param name="bound">The sections that were bound to the options.</param>
internal sealed class IncomingCallsOptionsValidator(IEnumerable<BoundSection<IncomingCallsOptions>> bound) : IValidateOptions<IncomingCallsOptions>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly IncomingCallsOptionsRanges _ranges = new();

    public ValidateOptionsResult Validate(string? name, IncomingCallsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var check = new OptionsCheck("IncomingCalls", bound.Select(section => section.Section));
        check.RequireDefined("Scenario", options.Scenario);
        check.RequireDefined<CallTreatment>("GroupCalls", options.GroupCalls);
        check.RequireDefined<CallTreatment>("OwnNumberCalls", options.OwnNumberCalls);
        foreach (var (idInstance, scenario) in options.InstanceScenarios ?? new Dictionary<long, CallScenario>())
        {
            check.RequireDefined<CallScenario>($"InstanceScenarios:{idInstance}", scenario);
            check.Require(idInstance > 0, $"InstanceScenarios:{idInstance}", "is not the number of an instance. Write the idInstance that the GREEN-API console shows.");
        }

        check.RequireCulture("Culture", options.Culture);
        foreach (var (culture, texts) in options.Labels ?? new Dictionary<string, IDictionary<CallLabel, string>>())
        {
            check.RequireCulture($"Labels:{culture}", culture);
            LabelTemplate.Require(check, $"Labels:{culture}", texts);
        }

        check.RequireTimeZone("TimeZone", options.TimeZone);
        foreach (var (account, settings) in options.Accounts ?? new Dictionary<string, CallAccountOptions>())
        {
            check.RequireCulture($"Accounts:{account}:Culture", settings.Culture);
            check.RequireTimeZone($"Accounts:{account}:TimeZone", settings.TimeZone);
            LabelTemplate.Require(check, $"Accounts:{account}:Labels", settings.Labels);
        }

        check.RequireBetween("AlertWindow", options.AlertWindow, Second, Hour);
        check.RequireBetween("OutcomeTimeout", options.OutcomeTimeout, TimeSpan.Zero, Day);
        check.RequireBetween("HandlerTimeout", options.HandlerTimeout, Second, 10 * Minute);
        check.RequireBetween("CallerNameWait", options.CallerNameWait, TimeSpan.Zero, Minute);
        check.RequireBetween("CallerNameCacheDuration", options.CallerNameCacheDuration, Minute, 7 * Day);
        check.RequireBetween("MissingCallerNameCacheDuration", options.MissingCallerNameCacheDuration, TimeSpan.Zero, 7 * Day);
        check.RequireBetween("InactivityThreshold", options.InactivityThreshold ?? Minute, Minute, 30 * Day);
        check.RequireDelays("RetryDelays", options.RetryDelays);
        check.RequireBetween("AcknowledgementTimeout", options.AcknowledgementTimeout, Second, 170 * Second);
        check.RequireBetween("GiveUpAfter", options.GiveUpAfter ?? TimeSpan.Zero, TimeSpan.Zero, Day);
        check.RequireBetween("InMemory:DeduplicationWindow", options.InMemory.DeduplicationWindow, Hour, 14 * Day);
        check.RequireRanges(_ranges, options);
        return check.Result;
    }
}

/// <summary>Validates the ranges of the whole numbers, which are declared by attributes.</summary>
[OptionsValidator]
internal sealed partial class IncomingCallsOptionsRanges : IValidateOptions<IncomingCallsOptions>;
