using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace IncomingCalls.Cli.Arguments;

/// <summary>Creates options that take a whole number.</summary>
internal static class NumberOption
{
    public static Option<T?> Create<T>(string name, string description, T min, T max)
        where T : struct, IBinaryInteger<T> => new(name)
        {
            Description = description,
            HelpName = "number",
            // A custom error message, because the default message quotes the value, which may be a misplaced token.
            CustomParser = result =>
            {
                if (T.TryParse(result.Tokens.Single().Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    && number >= min && number <= max)
                {
                    return number;
                }

                result.AddError($"{name} takes a whole number {(max > T.CreateSaturating(1_000_000) ? $"of at least {min}" : $"from {min} to {max}")}.");
                return null;
            },
        };
}

/// <summary>Parses durations as they are typed: <c>500ms</c>, <c>30s</c>, <c>5m</c>, <c>2h</c>, or <c>00:01:00</c>.</summary>
internal static class DurationText
{
    private static readonly TimeSpan MaxDuration = TimeSpan.FromDays(7);

    // Milliseconds first: "ms" ends with the "s" of seconds.
    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("ms", TimeSpan.FromMilliseconds(1)),
        ("s", TimeSpan.FromSeconds(1)),
        ("m", TimeSpan.FromMinutes(1)),
        ("h", TimeSpan.FromHours(1)),
    ];

    /// <summary>Parses the value of an option; the error message names the option.</summary>
    public static TimeSpan? Parse(ArgumentResult result)
    {
        if (TryParse(result.Tokens.Single().Value, out var duration))
        {
            return duration;
        }

        result.AddError($"{((OptionResult)result.Parent!).IdentifierToken!.Value} takes a time of up to a week, such as 500ms, 30s, 5m, 2h or 00:01:00.");
        return null;
    }

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        foreach (var (unit, length) in Units)
        {
            if (text.EndsWith(unit, StringComparison.OrdinalIgnoreCase))
            {
                return double.TryParse(text.AsSpan()[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
                    && count <= MaxDuration / length
                    && (duration = count * length) >= TimeSpan.Zero;
            }
        }

        // A bare number would mean days, which is never intended.
        return text.Contains(':', StringComparison.Ordinal)
            && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out duration)
            && duration >= TimeSpan.Zero && duration <= MaxDuration;
    }
}
