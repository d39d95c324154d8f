using System.Globalization;
using System.Security.Cryptography;

namespace IncomingCalls.CrashTests;

/// <summary>The command line of a campaign.</summary>
internal sealed record CampaignOptions
{
    public const string Usage = "Usage: IncomingCalls.CrashTests [--kills N] [--seed S] [--kills-per-round N] [--parallel N]";

    /// <summary>How many hosts are killed.</summary>
    public int Kills { get; init; } = 200;

    /// <summary>What everything is planned by.</summary>
    public int Seed { get; init; } = RandomNumberGenerator.GetInt32(int.MaxValue);

    /// <summary>How many hosts are killed on one inbox file before what they have done is checked.</summary>
    public int KillsPerRound { get; init; } = 50;

    /// <summary>How many rounds run at once.</summary>
    public int Parallel { get; init; } = 1;

    /// <exception cref="ArgumentException">They are not to be understood.</exception>
    public static CampaignOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new CampaignOptions();
        for (var i = 0; i < arguments.Count; i += 2)
        {
            var number = i + 1 < arguments.Count && int.TryParse(arguments[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new ArgumentException($"{arguments[i]} needs a number. {Usage}", nameof(arguments));
            options = arguments[i] switch
            {
                "--kills" => options with { Kills = number },
                "--seed" => options with { Seed = number },
                "--kills-per-round" => options with { KillsPerRound = Math.Max(1, number) },
                "--parallel" => options with { Parallel = Math.Max(1, number) },
                _ => throw new ArgumentException($"{arguments[i]} is not known. {Usage}", nameof(arguments)),
            };
        }

        return options;
    }
}
