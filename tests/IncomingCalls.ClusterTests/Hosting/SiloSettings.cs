using System.Globalization;

namespace IncomingCalls.ClusterTests;

/// <summary>The settings on the command line of a silo.</summary>
internal sealed record SiloSettings
{
    /// <summary>The settings that processes of every kind of cluster have.</summary>
    public required ProcessSettings Common { get; init; }

    /// <summary>The name of the cluster.</summary>
    public required string Cluster { get; init; }

    public required int RedisPort { get; init; }

    /// <summary>The port for the traffic between silos. A silo that starts on the port of an earlier one tells the others that the earlier one has exited.</summary>
    public required int SiloPort { get; init; }

    public static SiloSettings Parse(IReadOnlyList<string> arguments)
    {
        var values = ProcessSettings.Split(arguments);
        return new()
        {
            Common = ProcessSettings.Parse(values),
            Cluster = values["cluster"],
            RedisPort = int.Parse(values["redis-port"], CultureInfo.InvariantCulture),
            SiloPort = int.Parse(values["silo-port"], CultureInfo.InvariantCulture),
        };
    }

    public IEnumerable<string> ToArguments() => [.. Common.ToArguments(), $"cluster={Cluster}", $"redis-port={RedisPort}", $"silo-port={SiloPort}"];
}
