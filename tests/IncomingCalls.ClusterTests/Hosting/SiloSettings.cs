using System.Globalization;

namespace IncomingCalls.ClusterTests;

/// <summary>What a silo is told on its command line.</summary>
internal sealed record SiloSettings
{
    /// <summary>Where the effects files are.</summary>
    public required string Folder { get; init; }

    /// <summary>The address of the gateway's API.</summary>
    public required Uri ApiUrl { get; init; }

    /// <summary>The instances that are polled.</summary>
    public required IReadOnlyList<long> Polled { get; init; }

    /// <summary>The instances that post to the webhook.</summary>
    public required IReadOnlyList<long> Posting { get; init; }

    /// <summary>The secret of all instances, and the token of the webhook.</summary>
    public required string Token { get; init; }

    /// <summary>The number of this process among all silos of the cluster.</summary>
    public required int Process { get; init; }

    /// <summary>The name of the cluster.</summary>
    public required string Cluster { get; init; }

    public required int RedisPort { get; init; }

    /// <summary>Where silos talk to each other. A silo that comes back on the same port tells that the one before it is gone.</summary>
    public required int SiloPort { get; init; }

    public static SiloSettings Parse(IReadOnlyList<string> arguments)
    {
        var values = arguments.Select(argument => argument.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        int Number(string name) => int.Parse(values[name], CultureInfo.InvariantCulture);
        return new()
        {
            Folder = values["folder"],
            ApiUrl = new(values["api-url"]),
            Polled = Numbers(values["polled"]),
            Posting = Numbers(values["posting"]),
            Token = values["token"],
            Process = Number("process"),
            Cluster = values["cluster"],
            RedisPort = Number("redis-port"),
            SiloPort = Number("silo-port"),
        };
    }

    public IEnumerable<string> ToArguments() =>
    [
        $"folder={Folder}",
        $"api-url={ApiUrl}",
        $"polled={string.Join(',', Polled)}",
        $"posting={string.Join(',', Posting)}",
        $"token={Token}",
        $"process={Process}",
        $"cluster={Cluster}",
        $"redis-port={RedisPort}",
        $"silo-port={SiloPort}",
    ];

    private static long[] Numbers(string text) => [.. text.Split(',').Select(number => long.Parse(number, CultureInfo.InvariantCulture))];
}
