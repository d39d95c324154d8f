using System.Globalization;
using System.Security.Cryptography;

namespace IncomingCalls.ClusterTests;

/// <summary>The command line of a campaign.</summary>
internal sealed record ClusterCampaignOptions
{
    public const string Usage = "Usage: IncomingCalls.ClusterTests [--kills N] [--seed S] [--kills-per-round N] [--parallel N] [--silos N] [--seconds N]";

    /// <summary>How often a silo is killed or paused.</summary>
    public int Kills { get; init; } = 20;

    /// <summary>What everything is planned by.</summary>
    public int Seed { get; init; } = RandomNumberGenerator.GetInt32(int.MaxValue);

    /// <summary>How many of them one cluster suffers before what it has done is checked. Its Redis is killed once beside them.</summary>
    public int KillsPerRound { get; init; } = 50;

    /// <summary>How many clusters are disturbed at once.</summary>
    public int Parallel { get; init; } = 1;

    /// <summary>How many silos a cluster has at a time.</summary>
    public int Silos { get; init; } = 3;

    /// <summary>How long traffic goes on before the first kill.</summary>
    public int Seconds { get; init; } = 3;

    /// <exception cref="ArgumentException">They are not to be understood.</exception>
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
                _ => throw new ArgumentException($"{arguments[i]} is not known. {Usage}", nameof(arguments)),
            };
        }

        return options;
    }
}
