using System.Globalization;
using Microsoft.Extensions.Options;

namespace IncomingCalls.Shared;

/// <summary>Collects the validation failures of options. Each failure names its key.</summary>
/// <param name="section">The section of the keys.</param>
internal sealed class OptionsCheck(string section)
{
    private readonly List<string> _failures = [];

    public ValidateOptionsResult Result => _failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_failures);

    /// <summary>Adds a failure unless a condition is met.</summary>
    /// <param name="isValid">Whether the condition is met.</param>
    /// <param name="key">The key, below the section.</param>
    /// <param name="message">The predicate of a sentence whose subject is the key, and a sentence with a valid value.</param>
    public void Require(bool isValid, string key, string message)
    {
        if (!isValid)
        {
            _failures.Add($"{section}:{key} {message}");
        }
    }

    public void RequireDefined<TEnum>(string key, TEnum? value)
        where TEnum : struct, Enum =>
        Require(value is null || Enum.IsDefined(value.Value), key, $"is {value}, which is not defined. Write {string.Join(", ", Enum.GetNames<TEnum>())}.");

    public void RequireCulture(string key, string? culture) =>
        Require(string.IsNullOrEmpty(culture) || IsLanguage(culture), key, "is not the name of a language. Write ru, en or he-IL, for example.");

    /// <summary>Adds the failures of the ranges that are declared with <see cref="NumberRangeAttribute"/>.</summary>
    /// <param name="ranges">The source-generated validator.</param>
    /// <param name="options">The options.</param>
    public void RequireRanges<TOptions>(IValidateOptions<TOptions> ranges, TOptions options)
        where TOptions : class
    {
        // With the section as the name, the generated validator reports "IncomingCalls.InMemory.MaxCalls is 1. ...".
        foreach (var failure in ranges.Validate(section, options).Failures ?? [])
        {
            var end = failure.IndexOf(' ', StringComparison.Ordinal);
            _failures.Add($"{failure[..end].Replace('.', ':')}{failure[end..]}");
        }
    }

    public void RequireBetween(string key, TimeSpan value, TimeSpan min, TimeSpan max) =>
        Require(value >= min && value <= max, key, $"is {Format(value)}. Write a time from {Format(min)} to {Format(max)}{DescribeDays(value)}.");

    public void RequireDelays(string key, IReadOnlyList<TimeSpan>? delays)
    {
        for (var i = 0; i < delays?.Count; i++)
        {
            RequireBetween($"{key}:{i}", delays[i], TimeSpan.Zero, TimeSpan.FromDays(1));
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
            // In invariant globalization mode no culture is found; then only the form of the name is checked.
            return AppContext.TryGetSwitch("System.Globalization.Invariant", out var isInvariant) && isInvariant;
        }
    }

    private static string Format(TimeSpan time) => time.ToString("c", CultureInfo.InvariantCulture);

    // The binder reads "60" as 60 days, which is rarely intended.
    private static string DescribeDays(TimeSpan value) => value >= TimeSpan.FromDays(1) && value.TotalDays == (int)value.TotalDays
        ? $"; a bare {(int)value.TotalDays} means {(int)value.TotalDays} days, so write 00:01:00 for a minute"
        : "";
}
