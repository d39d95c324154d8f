using System.Globalization;

namespace IncomingCalls.ClusterTests;

/// <summary>The settings on the command line of a node of the PostgreSQL inbox.</summary>
internal sealed record NodeSettings
{
    /// <summary>The first argument of a node.</summary>
    public const string Mode = "postgres";

    /// <summary>The settings that processes of every kind of cluster have.</summary>
    public required ProcessSettings Common { get; init; }

    /// <summary>The connection string of the database, with an address that the node can reach.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>The address that the node listens on.</summary>
    public required string Address { get; init; }

    /// <summary>How far the clock of the node is ahead.</summary>
    public required TimeSpan ClockOffset { get; init; }

    /// <summary>The process that has started the node. The node ends with it.</summary>
    public required int Runner { get; init; }

    /// <summary>The deliberate mistake of the node, with which the checker is tested.</summary>
    public required NodeDefect Defect { get; init; }

    public static NodeSettings Parse(IReadOnlyList<string> arguments)
    {
        var values = ProcessSettings.Split(arguments);
        return new()
        {
            Common = ProcessSettings.Parse(values),
            ConnectionString = values["connection"],
            Address = values["address"],
            ClockOffset = TimeSpan.FromSeconds(int.Parse(values["clock-offset"], CultureInfo.InvariantCulture)),
            Runner = int.Parse(values["runner"], CultureInfo.InvariantCulture),
            Defect = Enum.Parse<NodeDefect>(values["defect"]),
        };
    }

    public IEnumerable<string> ToArguments() =>
    [
        Mode,
        .. Common.ToArguments(),
        $"connection={ConnectionString}",
        $"address={Address}",
        string.Create(CultureInfo.InvariantCulture, $"clock-offset={(int)ClockOffset.TotalSeconds}"),
        $"runner={Runner}",
        $"defect={Defect}",
    ];
}

/// <summary>A deliberate mistake of all nodes. A campaign with one must find violations.</summary>
internal enum NodeDefect
{
    None = 0,

    /// <summary>Handlers write their effects with a connection of their own instead of the transaction of the event.</summary>
    EffectOutsideTransaction,

    /// <summary>Some notifications are acknowledged and not stored.</summary>
    ForgottenNotification,

    /// <summary>Some attempts run twice at once, as if the lock of a claim were ignored.</summary>
    IgnoredClaim,
}
