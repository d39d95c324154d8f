using System.CommandLine;
using System.Globalization;

namespace IncomingCalls.Cli;

/// <summary>The option <c>--id-instance</c>.</summary>
internal static class IdInstanceOption
{
    public static Option<long?> Create(string description) => new("--id-instance")
    {
        Description = description,
        HelpName = "number",
        // Our own words, which do not quote what was given: it may be the token, given in the wrong place.
        CustomParser = result =>
        {
            if (long.TryParse(result.Tokens.Single().Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
            {
                return number;
            }

            result.AddError("--id-instance takes the number that the console shows.");
            return null;
        },
    };
}
