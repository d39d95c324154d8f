using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace IncomingCalls.Shared;

/// <summary>Collects the validation failures of options. Each failure names its key.</summary>
/// <param name="section">The usual section of the keys, for the messages about options that only code sets.</param>
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
            _failures.Add($"{GetPath(key)} {message}");
        }

        return isValid;
    }

    /// <summary>Gets the full path of a key, below the section that has it.</summary>
    public string GetPath(string key) => $"{FindSection(key)?.Path ?? section}:{key}";

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
        // The generated validator puts the name in front of the property: "options.InMemory.MaxCalls is 1. ...".
        const string Name = "options";
        foreach (var failure in ranges.Validate(Name, options).Failures ?? [])
        {
            var end = failure.IndexOf(' ', StringComparison.Ordinal);
            Require(false, failure[(Name.Length + 1)..end].Replace('.', ':'), failure[(end + 1)..]);
        }
    }

    /// <summary>Adds a failure if a duration is out of its range, or if its text does not say its unit, as <c>60</c> and <c>15:00</c> do not.</summary>
    /// <returns>Whether the duration is valid.</returns>
    public bool RequireBetween(string key, TimeSpan value, TimeSpan min, TimeSpan max)
    {
        var text = FindSection(key)?[key];
        return DurationText.IsAmbiguous(text, value)
            ? Require(false, key, $"is {text?.Trim()}, which is read as {DurationText.Describe(value)}. Write a time from {Format(min)} to {Format(max)}, where {DurationText.Examples}.")
            : Require(value >= min && value <= max, key, $"is {Format(value)}. Write a time from {Format(min)} to {Format(max)}.");
    }

    public void RequireDelays(string key, IReadOnlyList<TimeSpan>? delays)
    {
        // The binder numbers the items by their order and skips empty ones, so their keys can be other numbers.
        string[] keys = [.. from bound in _configured from item in bound.GetSection(key).GetChildren() where !string.IsNullOrEmpty(item.Value) select item.Key];
        for (var i = 0; i < delays?.Count; i++)
        {
            RequireBetween($"{key}:{(i < keys.Length ? keys[i] : i)}", delays[i], TimeSpan.Zero, TimeSpan.FromDays(1));
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

    /// <summary>Finds the section that has a key; without one the section that is bound last; null when only code sets the options.</summary>
    private IConfigurationSection? FindSection(string key) => Array.Find(_configured, bound => bound[key] is not null) ?? _configured.FirstOrDefault();
}
