using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace IncomingCalls.Shared;

/// <summary>Collects the validation failures of options. Each failure names its key.</summary>
/// <param name="section">The section of the keys, for the messages.</param>
/// <param name="configured">The configuration sections that were bound to the options; null for options that only code sets.</param>
internal sealed class OptionsCheck(string section, IEnumerable<IConfigurationSection>? configured = null)
{
    private readonly List<string> _failures = [];
    private readonly IConfigurationSection[] _configured = [.. configured ?? []];

    public ValidateOptionsResult Result => _failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_failures);

    /// <summary>Adds a failure unless a condition is met.</summary>
    /// <param name="isValid">Whether the condition is met.</param>
    /// <param name="key">The key, below the section.</param>
    /// <param name="message">The predicate of a sentence whose subject is the key, and a sentence with a valid value.</param>
    /// <returns>Whether the condition is met.</returns>
    public bool Require(bool isValid, string key, string message)
    {
        if (!isValid)
        {
            _failures.Add($"{section}:{key} {message}");
        }

        return isValid;
    }

    public void RequireDefined<TEnum>(string key, TEnum? value)
        where TEnum : struct, Enum =>
        Require(value is null || Enum.IsDefined(value.Value), key, $"is {value}, which is not defined. Write {string.Join(", ", Enum.GetNames<TEnum>())}.");

    public void RequireCulture(string key, string? culture) =>
        Require(string.IsNullOrEmpty(culture) || IsLanguage(culture), key, "is not the name of a language. Write ru, en or he-IL, for example.");

    /// <summary>Adds a failure unless a time zone is known to the machine.</summary>
    public void RequireTimeZone(string key, string? timeZone) => Require(
        string.IsNullOrEmpty(timeZone) || TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out _),
        key,
        "is not a time zone that this machine knows. Write an IANA name such as Europe/Moscow; an image without time zone data needs the package tzdata.");

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

    /// <summary>Adds a failure if a duration is out of its range, or if its text names days without saying so, as <c>60</c> does.</summary>
    /// <returns>Whether the duration is valid.</returns>
    public bool RequireBetween(string key, TimeSpan value, TimeSpan min, TimeSpan max)
    {
        var text = Array.FindLast(_configured, bound => bound[key] is not null)?[key];
        return DurationText.HasHiddenDays(text, value)
            ? Require(false, key, $"is {text?.Trim()}, which is read as {value.Days} {(value.Days == 1 ? "day" : "days")}. Write a time from {Format(min)} to {Format(max)}, where 00:01:00 is a minute and 1.00:00:00 a day.")
            : Require(value >= min && value <= max, key, $"is {Format(value)}. Write a time from {Format(min)} to {Format(max)}.");
    }

    public void RequireDelays(string key, IReadOnlyList<TimeSpan>? delays)
    {
        RequireList(key);
        // The binder numbers the items by their order, so their keys can be other numbers.
        string[] keys = [.. _configured.SelectMany(bound => bound.GetSection(key).GetChildren(), (_, item) => item.Key)];
        for (var i = 0; i < delays?.Count; i++)
        {
            RequireBetween($"{key}:{(i < keys.Length ? keys[i] : i)}", delays[i], TimeSpan.Zero, TimeSpan.FromDays(1));
        }
    }

    /// <summary>Adds a failure if a list is configured as a single value, which the binder ignores. The value is not shown, because it can be a secret.</summary>
    public void RequireList(string key) =>
        Require(!IsSingleValue(key), key, $"is a single value instead of a list. Write its items as {section}:{key}:0 and so on, or as an array in JSON.");

    /// <summary>Adds a failure if a section is configured as a single value, which the binder ignores.</summary>
    /// <param name="key">The key of the section.</param>
    /// <param name="example">A key below it.</param>
    public void RequireSection(string key, string example) =>
        Require(!IsSingleValue(key), key, $"is a single value instead of a section. Write {section}:{key}:{example}, for example.");

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

    // An empty text is an empty list.
    private bool IsSingleValue(string key) => _configured.Any(bound => !string.IsNullOrEmpty(bound[key]));
}
