using System.Globalization;
using Microsoft.Extensions.Options;

namespace IncomingCalls.Shared;

/// <summary>Collects what is wrong with options; every sentence names the key.</summary>
internal sealed class OptionsCheck(string section)
{
    private readonly List<string> _failures = [];

    public ValidateOptionsResult Result => _failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_failures);

    public void Require(bool holds, string key, string complaint)
    {
        if (!holds)
        {
            _failures.Add($"{section}:{key} {complaint}");
        }
    }

    public void RequireScenario(string key, CallScenario? scenario) =>
        Require(scenario is null || Enum.IsDefined(scenario.Value), key, $"is {scenario}, which is no scenario. Write {string.Join(", ", Enum.GetNames<CallScenario>())}.");

    public void RequireCulture(string key, string? culture) =>
        Require(string.IsNullOrEmpty(culture) || IsLanguage(culture), key, "is not the name of a language. Write ru, en or he-IL, for example.");

    public void RequireBetween(string key, int value, int least, int most) =>
        Require(value >= least && value <= most, key, $"is {value}. Write a number from {least} to {most}.");

    public void RequireBetween(string key, TimeSpan value, TimeSpan least, TimeSpan most) =>
        Require(value >= least && value <= most, key, $"is {Text(value)}. Write a time from {Text(least)} to {Text(most)}{Hint(value)}.");

    public void RequireDelays(string key, IReadOnlyList<TimeSpan>? waits)
    {
        for (var i = 0; i < waits?.Count; i++)
        {
            RequireBetween($"{key}:{i}", waits[i], TimeSpan.Zero, TimeSpan.FromDays(1));
        }
    }

    private static bool IsLanguage(string name)
    {
        if (name.Length > 35 || !char.IsAsciiLetter(name[0]) || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-'))
        {
            return false;
        }

        try
        {
            return CultureInfo.GetCultureInfo(name, predefinedOnly: true) is not null;
        }
        catch (CultureNotFoundException)
        {
            // A program built without globalization data knows no language at all; there the form has to do.
            return AppContext.TryGetSwitch("System.Globalization.Invariant", out var isInvariant) && isInvariant;
        }
    }

    private static string Text(TimeSpan time) => time.ToString("c", CultureInfo.InvariantCulture);

    // "60" binds as sixty days, which nobody means.
    private static string Hint(TimeSpan value) => value >= TimeSpan.FromDays(1) && value.TotalDays == (int)value.TotalDays
        ? $"; a bare {(int)value.TotalDays} means {(int)value.TotalDays} days, so write 00:01:00 for a minute"
        : "";
}
