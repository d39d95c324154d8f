using System.Globalization;
using System.Security.Cryptography;

namespace IncomingCalls.ClusterTests;

/// <summary>The command line of a campaign.</summary>
internal sealed record ClusterCampaignOptions
{
    public const string Usage = "Usage: IncomingCalls.ClusterTests [--kills N] [--seed S] [--kills-per-round N] [--parallel N] [--silos N] [--seconds N] [--storage redis|postgres] [--clock-offset SECONDS] [--defect NAME]";

    /// <summary>Which inbox is tested.</summary>
    public ClusterStorage Storage { get; init; } = ClusterStorage.Redis;

    /// <summary>By how many seconds the clocks of the nodes differ from each other. With the PostgreSQL inbox only: silos must agree on the time.</summary>
    public int ClockOffset { get; init; } = 180;

    /// <summary>The kinds of faults for nodes of the PostgreSQL inbox.</summary>
    public NodeFaultDeck NodeFaults { get; init; } = NodeFaultDeck.All;

    /// <summary>The deliberate mistake of the nodes, with which the checker is tested.</summary>
    public NodeDefect NodeDefect { get; init; }

    /// <summary>How many faults are injected: a process is killed or paused, for example.</summary>
    public int Kills { get; init; } = 20;

    /// <summary>The seed of all random numbers.</summary>
    public int Seed { get; init; } = RandomNumberGenerator.GetInt32(int.MaxValue);

    /// <summary>How many faults are injected into one cluster before the evidence is checked. In addition, the Redis of an Orleans cluster is killed once.</summary>
    public int KillsPerRound { get; init; } = 50;

    /// <summary>How many rounds run in parallel.</summary>
    public int Parallel { get; init; } = 1;

    /// <summary>The number of silos or nodes of a cluster.</summary>
    public int Silos { get; init; } = 3;

    /// <summary>How many seconds traffic runs before the first fault.</summary>
    public int Seconds { get; init; } = 3;

    /// <exception cref="ArgumentException">An argument is unknown, or its number is missing.</exception>
    public static ClusterCampaignOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new ClusterCampaignOptions();
        for (var i = 0; i < arguments.Count; i += 2)
        {
            if (arguments[i] == "--storage")
            {
                options = options with { Storage = ParseStorage(i + 1 < arguments.Count ? arguments[i + 1] : null) };
                continue;
            }

            if (arguments[i] == "--defect")
            {
                options = options with { NodeDefect = ParseDefect(i + 1 < arguments.Count ? arguments[i + 1] : null) };
                continue;
            }

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
                "--clock-offset" => options with { ClockOffset = number },
                "--seconds" => options with { Seconds = number },
                _ => throw new ArgumentException($"{arguments[i]} is not an option. {Usage}", nameof(arguments)),
            };
        }

        return options;
    }

    private static NodeDefect ParseDefect(string? name) => Enum.TryParse<NodeDefect>(name, out var defect)
        ? defect
        : throw new ArgumentException($"--defect needs one of {string.Join(", ", Enum.GetNames<NodeDefect>())}. {Usage}", nameof(name));

    private static ClusterStorage ParseStorage(string? name) => name switch
    {
        "redis" => ClusterStorage.Redis,
        "postgres" => ClusterStorage.Postgres,
        _ => throw new ArgumentException($"--storage needs redis or postgres. {Usage}", nameof(name)),
    };
}

/// <summary>The inbox that a campaign tests.</summary>
internal enum ClusterStorage
{
    /// <summary>The Orleans inbox on Redis.</summary>
    Redis = 0,

    /// <summary>The PostgreSQL inbox.</summary>
    Postgres,
}
