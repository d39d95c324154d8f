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
        check.Scenario("Scenario", options.Scenario);
        foreach (var (idInstance, scenario) in options.InstanceScenarios ?? new Dictionary<long, CallScenario>())
        {
            check.Scenario($"InstanceScenarios:{idInstance}", scenario);
            check.That(idInstance > 0, $"InstanceScenarios:{idInstance}", "is not the number of an instance. Write the idInstance that the console shows.");
        }

        check.Culture("Culture", options.Culture);
        foreach (var (culture, texts) in options.Labels ?? new Dictionary<string, IDictionary<CallLabel, string>>())
        {
            check.Culture($"Labels:{culture}", culture);
            foreach (var (label, text) in texts)
            {
                check.That(Enum.IsDefined(label) && label != CallLabel.None, $"Labels:{culture}:{label}", "is not a label. Write IncomingCall, AnsweredCall, DroppedCall or MissedCall.");
                check.That(!string.IsNullOrWhiteSpace(text), $"Labels:{culture}:{label}", "is empty. Write a text, or remove the key.");
            }
        }

        check.Between("AlertWindow", options.AlertWindow, Second, Hour);
        check.Between("OutcomeTimeout", options.OutcomeTimeout, TimeSpan.Zero, Day);
        check.Between("HandlerTimeLimit", options.HandlerTimeLimit, Second, 10 * Minute);
        check.Between("NameWait", options.NameWait, TimeSpan.Zero, Minute);
        check.Between("NameLifetime", options.NameLifetime, Minute, 7 * Day);
        check.Between("NoNameLifetime", options.NoNameLifetime, TimeSpan.Zero, 7 * Day);
        check.Between("SilenceLimit", options.SilenceLimit ?? Minute, Minute, 30 * Day);
        check.Between("ConcurrencyPerInstance", options.ConcurrencyPerInstance, 1, 1000);
        check.Waits("Retries", options.Retries);
        check.Between("AcknowledgementTimeout", options.AcknowledgementTimeout, Second, 170 * Second);
        check.Between("GiveUpAfter", options.GiveUpAfter ?? TimeSpan.Zero, TimeSpan.Zero, Day);
        check.Between("GiveUpAfterRedeliveries", options.GiveUpAfterRedeliveries, 0, 1000);
        check.Between("InMemory:DeduplicationWindow", options.InMemory.DeduplicationWindow, Hour, 14 * Day);
        check.Between("InMemory:MaxCalls", options.InMemory.MaxCalls, 100, 10_000_000);
        return check.Result;
    }
}
