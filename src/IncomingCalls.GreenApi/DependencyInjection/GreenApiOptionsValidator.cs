using System.Globalization;
using Microsoft.Extensions.Options;

namespace IncomingCalls;

/// <summary>
/// Says which key is wrong and what to write. It looks only at what has no meaning at all: an instance with a wrong token or
/// address is one instance's trouble, not the host's.
/// </summary>
internal sealed class GreenApiOptionsValidator : IValidateOptions<GreenApiOptions>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public ValidateOptionsResult Validate(string? name, GreenApiOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var failures = new List<string>();
        Between(failures, "ReceiveTimeout", options.ReceiveTimeout, GreenApiOptions.ShortestReceiveTimeout, GreenApiOptions.LongestReceiveTimeout);
        That(failures, options.ReceiveTimeout.Ticks % TimeSpan.TicksPerSecond == 0, "ReceiveTimeout", "is not a number of whole seconds. Write 00:00:20, for example.");
        Between(failures, "FirstRetryDelay", options.FirstRetryDelay, TimeSpan.FromMilliseconds(100), Minute);
        Between(failures, "LongestRetryDelay", options.LongestRetryDelay, Second, 10 * Minute);
        That(failures, options.LongestRetryDelay >= options.FirstRetryDelay, "LongestRetryDelay", "is shorter than FirstRetryDelay. Write a longer one.");
        Between(failures, "CallerNameTimeout", options.CallerNameTimeout, Second, Minute);
        Between(failures, "CallerNamesPause", options.CallerNamesPause, Minute, TimeSpan.FromDays(1));
        Requests(failures, "CallerNamesPerSecond", options.CallerNamesPerSecond);
        for (var i = 0; i < options.Instances?.Count; i++)
        {
            var (key, entry) = ($"Instances:{i}", options.Instances[i]);
            That(failures, Enum.IsDefined(entry.Receive), $"{key}:Receive", $"is {entry.Receive}, which is no way to receive. Write Polling or Webhook.");
            That(failures, entry.Scenario is null || Enum.IsDefined(entry.Scenario.Value), $"{key}:Scenario", $"is {entry.Scenario}, which is no scenario. Write {string.Join(", ", Enum.GetNames<CallScenario>())}.");
            Requests(failures, $"{key}:CallerNamesPerSecond", entry.CallerNamesPerSecond ?? 1);
        }

        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static void Requests(List<string> failures, string key, int value) =>
        That(failures, value is >= 1 and <= 10, key, $"is {value}. Write a number from 1 to 10.");

    private static void Between(List<string> failures, string key, TimeSpan value, TimeSpan least, TimeSpan most) =>
        That(failures, value >= least && value <= most, key, $"is {Text(value)}. Write a time from {Text(least)} to {Text(most)}{Hint(value)}.");

    private static void That(List<string> failures, bool holds, string key, string complaint)
    {
        if (!holds)
        {
            failures.Add($"GreenApi:{key} {complaint}");
        }
    }

    private static string Text(TimeSpan time) => time.ToString("c", CultureInfo.InvariantCulture);

    // "60" binds as sixty days, which nobody means.
    private static string Hint(TimeSpan value) => value >= TimeSpan.FromDays(1) && value.TotalDays == (int)value.TotalDays
        ? $"; a bare {(int)value.TotalDays} means {(int)value.TotalDays} days, so write 00:01:00 for a minute"
        : "";
}
