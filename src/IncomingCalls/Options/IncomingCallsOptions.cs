using IncomingCalls.Shared;
using Microsoft.Extensions.Options;

namespace IncomingCalls;

/// <summary>The options of <c>AddIncomingCalls</c>; configuration section <c>IncomingCalls</c>. Validated when the host starts.</summary>
public sealed class IncomingCallsOptions
{
    /// <summary>The scenario of every instance that has none of its own.</summary>
    /// <value>Default: null, which means <see cref="CallScenario.AllStatuses"/>.</value>
    public CallScenario? Scenario { get; set; }

    /// <summary>The scenario per instance, by the number of the instance. It beats <see cref="CallInstance.Scenario"/>.</summary>
    /// <value>Default: null.</value>
    public IDictionary<long, CallScenario>? InstanceScenarios { get; set; }

    /// <summary>The language of the chat records: a culture name such as <c>ru</c> or <c>he-IL</c>.</summary>
    /// <value>Default: null, English.</value>
    public string? Culture { get; set; }

    /// <summary>
    /// Texts that replace the built-in ones: by culture name (empty for every culture), then by label.
    /// <c>IncomingCalls:Labels:ru:MissedCall</c> for example.
    /// </summary>
    /// <value>Default: null.</value>
    public IDictionary<string, IDictionary<CallLabel, string>>? Labels { get; set; }

    /// <summary>How old an offer may be for an operator to be alerted. Gateways deliver up to 24 hours late.</summary>
    /// <value>Default: 1 minute. Range: 1 second to 1 hour.</value>
    public TimeSpan AlertWindow { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long after an offer an outcome is awaited before <see cref="CallEventKind.OutcomeUnknown"/> is told. Zero: for ever.</summary>
    /// <value>Default: 15 minutes. Range: 0 to 24 hours.</value>
    public TimeSpan OutcomeTimeout { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long one attempt of a handler may take.</summary>
    /// <value>Default: 30 seconds. Range: 1 second to 10 minutes.</value>
    public TimeSpan HandlerTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long one delivery may take in all where handlers run before the acknowledgement, retries included: those of other types with
    /// every inbox, and all of them with the inline inbox. The gateway waits 180 s for an answer.
    /// </summary>
    /// <value>Default: 2 minutes. Range: 1 second to 170 seconds.</value>
    public TimeSpan AcknowledgementTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// How long a notification whose handlers run before the acknowledgement must have been failing before it is given up, that is
    /// acknowledged and reported as Critical, so that the calls behind it in the gateway's queue get through. Null: never.
    /// </summary>
    /// <value>Default: 10 minutes. Range: 0 to 24 hours, or null.</value>
    public TimeSpan? GiveUpAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How many times the gateway must have delivered such a notification again, in vain, before it may be given up.</summary>
    /// <value>Default: 4, which with the first makes five deliveries. Range: 0 to 1000.</value>
    public int GiveUpAfterRedeliveries { get; set; } = 4;

    /// <summary>The waits between attempts in a durable inbox, before jitter. The inline inbox has its own, since the gateway repeats for it.</summary>
    /// <value>Default: null, which means 2 s, 10 s, 1 min, 10 min, 1 h, 6 h. Each 0 to 24 hours.</value>
    public IReadOnlyList<TimeSpan>? RetryDelays { get; set; }

    /// <summary>
    /// How long a chat record waits for the caller's name. In the inline inbox at most 2 seconds, and not at all for a
    /// notification that comes late, because the next callers' alerts wait behind it.
    /// </summary>
    /// <value>Default: 10 seconds. Range: 0 to 1 minute.</value>
    public TimeSpan CallerNameWait { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How many events of one instance are handled at once, so that a busy instance does not starve the others.</summary>
    /// <value>Default: 16. Range: 1 to 1000.</value>
    public int MaxConcurrentAttemptsPerInstance { get; set; } = 16;

    /// <summary>
    /// How long a listed instance may deliver nothing at all, messages included, before the health check is Degraded. Only you know how
    /// busy your instances are, also at night.
    /// </summary>
    /// <value>Default: null, for ever. Range: 1 minute to 30 days.</value>
    public TimeSpan? InactivityThreshold { get; set; }

    /// <summary>How long a found name is kept.</summary>
    /// <value>Default: 6 hours. Range: 1 minute to 7 days.</value>
    public TimeSpan CallerNameCacheDuration { get; set; } = TimeSpan.FromHours(6);

    /// <summary>How long it is kept that a caller has no name.</summary>
    /// <value>Default: 10 minutes. Range: 0 to 7 days.</value>
    public TimeSpan MissingCallerNameCacheDuration { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The options of the inline inbox.</summary>
    public InMemoryInboxOptions InMemory { get; set; } = new();
}

/// <summary>Says which key is wrong and what to write.</summary>
internal sealed class IncomingCallsOptionsValidator : IValidateOptions<IncomingCallsOptions>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public ValidateOptionsResult Validate(string? name, IncomingCallsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var check = new OptionsCheck("IncomingCalls");
        check.RequireScenario("Scenario", options.Scenario);
        foreach (var (idInstance, scenario) in options.InstanceScenarios ?? new Dictionary<long, CallScenario>())
        {
            check.RequireScenario($"InstanceScenarios:{idInstance}", scenario);
            check.Require(idInstance > 0, $"InstanceScenarios:{idInstance}", "is not the number of an instance. Write the idInstance that the console shows.");
        }

        check.RequireCulture("Culture", options.Culture);
        foreach (var (culture, texts) in options.Labels ?? new Dictionary<string, IDictionary<CallLabel, string>>())
        {
            check.RequireCulture($"Labels:{culture}", culture);
            foreach (var (label, text) in texts)
            {
                check.Require(Enum.IsDefined(label) && label != CallLabel.None, $"Labels:{culture}:{label}", "is not a label. Write IncomingCall, AnsweredCall, DroppedCall or MissedCall.");
                check.Require(!string.IsNullOrWhiteSpace(text), $"Labels:{culture}:{label}", "is empty. Write a text, or remove the key.");
            }
        }

        check.RequireBetween("AlertWindow", options.AlertWindow, Second, Hour);
        check.RequireBetween("OutcomeTimeout", options.OutcomeTimeout, TimeSpan.Zero, Day);
        check.RequireBetween("HandlerTimeout", options.HandlerTimeout, Second, 10 * Minute);
        check.RequireBetween("CallerNameWait", options.CallerNameWait, TimeSpan.Zero, Minute);
        check.RequireBetween("CallerNameCacheDuration", options.CallerNameCacheDuration, Minute, 7 * Day);
        check.RequireBetween("MissingCallerNameCacheDuration", options.MissingCallerNameCacheDuration, TimeSpan.Zero, 7 * Day);
        check.RequireBetween("InactivityThreshold", options.InactivityThreshold ?? Minute, Minute, 30 * Day);
        check.RequireBetween("MaxConcurrentAttemptsPerInstance", options.MaxConcurrentAttemptsPerInstance, 1, 1000);
        check.RequireDelays("RetryDelays", options.RetryDelays);
        check.RequireBetween("AcknowledgementTimeout", options.AcknowledgementTimeout, Second, 170 * Second);
        check.RequireBetween("GiveUpAfter", options.GiveUpAfter ?? TimeSpan.Zero, TimeSpan.Zero, Day);
        check.RequireBetween("GiveUpAfterRedeliveries", options.GiveUpAfterRedeliveries, 0, 1000);
        check.RequireBetween("InMemory:DeduplicationWindow", options.InMemory.DeduplicationWindow, Hour, 14 * Day);
        check.RequireBetween("InMemory:MaxCalls", options.InMemory.MaxCalls, 100, 10_000_000);
        return check.Result;
    }
}
