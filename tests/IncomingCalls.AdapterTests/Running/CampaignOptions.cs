using System.Globalization;
using System.Security.Cryptography;

namespace IncomingCalls.AdapterTests.Running;

/// <summary>The command line of a campaign.</summary>
internal sealed record CampaignOptions
{
    public const string Usage = "Usage: IncomingCalls.AdapterTests [--storage sqlite|postgres] [--calls N] [--portals N] [--minutes N] [--seed S]";

    /// <summary>The inbox: SQLite in one process with a simulated clock, or PostgreSQL with two nodes in real time, where every duration is divided by 60.</summary>
    public CampaignStorage Storage { get; init; } = CampaignStorage.Sqlite;

    /// <summary>How many calls there are.</summary>
    public int Calls { get; init; } = 2_000;

    /// <summary>How many portals there are. A third of them is paused at any time, and a fifth of them has no faults.</summary>
    public int Portals { get; init; } = 50;

    /// <summary>How many simulated minutes the calls are spread over.</summary>
    public int Minutes { get; init; } = 480;

    /// <summary>The seed of all random numbers.</summary>
    public int Seed { get; init; } = RandomNumberGenerator.GetInt32(int.MaxValue);

    /// <exception cref="ArgumentException">An argument is unknown, or its value is missing or wrong.</exception>
    public static CampaignOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new CampaignOptions();
        for (var i = 0; i < arguments.Count; i += 2)
        {
            if (arguments[i] == "--storage")
            {
                options = options with { Storage = ParseStorage(i + 1 < arguments.Count ? arguments[i + 1] : "") };
                continue;
            }

            var number = i + 1 < arguments.Count && int.TryParse(arguments[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                ? value
                : throw new ArgumentException($"{arguments[i]} needs a number. {Usage}", nameof(arguments));
            options = arguments[i] switch
            {
                "--calls" => options with { Calls = number },
                "--portals" => options with { Portals = Math.Max(5, number) },
                "--minutes" => options with { Minutes = Math.Max(1, number) },
                "--seed" => options with { Seed = number },
                _ => throw new ArgumentException($"{arguments[i]} is not an option. {Usage}", nameof(arguments)),
            };
        }

        return options;
    }

    private static CampaignStorage ParseStorage(string text) => text switch
    {
        "sqlite" => CampaignStorage.Sqlite,
        "postgres" => CampaignStorage.Postgres,
        _ => throw new ArgumentException($"--storage needs sqlite or postgres. {Usage}", nameof(text)),
    };
}

/// <summary>The inbox of a campaign.</summary>
internal enum CampaignStorage
{
    Sqlite = 0,
    Postgres,
}
