using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace IncomingCalls.Cli;

/// <summary>Options that take a whole number.</summary>
internal static class NumberOption
{
    public static Option<T?> Create<T>(string name, string description, T least, T most)
        where T : struct, IBinaryInteger<T> => new(name)
        {
            Description = description,
            HelpName = "number",
            // Our own words, which do not quote what was given: it may be a token in the wrong place.
            CustomParser = result =>
            {
                if (T.TryParse(result.Tokens.Single().Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    && number >= least && number <= most)
                {
                    return number;
                }

                result.AddError($"{name} takes a whole number {(most > T.CreateSaturating(1_000_000) ? $"of at least {least}" : $"from {least} to {most}")}.");
                return null;
            },
        };
}
