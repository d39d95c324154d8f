using Microsoft.Extensions.Options;

namespace IncomingCalls;

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
        check.RequireBetween("HandlerTimeLimit", options.HandlerTimeout, Second, 10 * Minute);
        check.RequireBetween("NameWait", options.CallerNameWait, TimeSpan.Zero, Minute);
        check.RequireBetween("NameLifetime", options.CallerNameCacheDuration, Minute, 7 * Day);
        check.RequireBetween("NoNameLifetime", options.MissingCallerNameCacheDuration, TimeSpan.Zero, 7 * Day);
        check.RequireBetween("SilenceLimit", options.InactivityThreshold ?? Minute, Minute, 30 * Day);
        check.RequireBetween("ConcurrencyPerInstance", options.MaxConcurrentAttemptsPerInstance, 1, 1000);
        check.RequireDelays("Retries", options.RetryDelays);
        check.RequireBetween("AcknowledgementTimeout", options.AcknowledgementTimeout, Second, 170 * Second);
        check.RequireBetween("GiveUpAfter", options.GiveUpAfter ?? TimeSpan.Zero, TimeSpan.Zero, Day);
        check.RequireBetween("GiveUpAfterRedeliveries", options.GiveUpAfterRedeliveries, 0, 1000);
        check.RequireBetween("InMemory:DeduplicationWindow", options.InMemory.DeduplicationWindow, Hour, 14 * Day);
        check.RequireBetween("InMemory:MaxCalls", options.InMemory.MaxCalls, 100, 10_000_000);
        return check.Result;
    }
}
