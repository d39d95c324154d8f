using System.Globalization;
using System.Security.Cryptography;

namespace IncomingCalls.ClusterTests;

/// <summary>The command line of a campaign.</summary>
internal sealed record ClusterCampaignOptions
{
    public const string Usage = "Usage: IncomingCalls.ClusterTests [--kills N] [--seed S] [--kills-per-round N] [--parallel N] [--silos N] [--seconds N]";

    /// <summary>How often a silo is killed or paused.</summary>
    public int Kills { get; init; } = 20;

    /// <summary>The seed of all random numbers.</summary>
    public int Seed { get; init; } = RandomNumberGenerator.GetInt32(int.MaxValue);

    /// <summary>How many faults are injected into one cluster before the evidence is checked. Its Redis is killed once in addition.</summary>
    public int KillsPerRound { get; init; } = 50;

    /// <summary>How many rounds run in parallel.</summary>
    public int Parallel { get; init; } = 1;

    /// <summary>The number of silos of a cluster.</summary>
    public int Silos { get; init; } = 3;

    /// <summary>How many seconds traffic runs before the first fault.</summary>
    public int Seconds { get; init; } = 3;

    /// <exception cref="ArgumentException">An argument is unknown, or its number is missing.</exception>
    public static ClusterCampaignOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new ClusterCampaignOptions();
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
                "--silos" => options with { Silos = Math.Max(1, number) },
                "--seconds" => options with { Seconds = number },
                _ => throw new ArgumentException($"{arguments[i]} is not an option. {Usage}", nameof(arguments)),
            };
        }

        return options;
    }
}
