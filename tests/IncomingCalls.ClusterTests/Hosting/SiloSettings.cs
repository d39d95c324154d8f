using System.Globalization;

namespace IncomingCalls.ClusterTests;

/// <summary>The settings on the command line of a silo.</summary>
internal sealed record SiloSettings
{
    /// <summary>The folder of the effects files.</summary>
    public required string Folder { get; init; }

    /// <summary>The address of the API of the gateway.</summary>
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

    /// <summary>The port for the traffic between silos. A silo that starts on the port of an earlier one tells the others that the earlier one has exited.</summary>
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
