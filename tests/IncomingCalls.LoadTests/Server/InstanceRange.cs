using System.Globalization;
using IncomingCalls.Testing;

namespace IncomingCalls.LoadTests;

/// <summary>The arguments of a server that uses the API of a simulator: the instances that it polls, or whose caller names it requests.</summary>
internal sealed class InstanceRange
{
    /// <summary>The API token of every instance of the measurements.</summary>
    public const string ApiToken = "load-test-api-token-0123456789";

    public required Uri ApiUrl { get; init; }

    public required long First { get; init; }

    public required int Count { get; init; }

    public IEnumerable<long> Ids => Enumerable.Range(0, Count).Select(i => First + i);

    /// <summary>Adds instances to a simulator.</summary>
    public static (InstanceRange Range, IReadOnlyList<SimulatedInstance> Instances) AddTo(GreenApiSimulator simulator, int count)
    {
        var range = new InstanceRange { ApiUrl = simulator.ApiUrl, First = 1101000001L + simulator.Instances.Count, Count = count };
        return (range, [.. range.Ids.Select(id => simulator.AddInstance(options =>
        {
            options.IdInstance = id;
            options.ApiTokenInstance = ApiToken;
        }))]);
    }

    public static InstanceRange Parse(IReadOnlyList<string> arguments) => new()
    {
        ApiUrl = new(arguments[0]),
        First = long.Parse(arguments[1], CultureInfo.InvariantCulture),
        Count = int.Parse(arguments[2], CultureInfo.InvariantCulture),
    };

    public IEnumerable<string> ToArguments() =>
        [ApiUrl.OriginalString, First.ToString(CultureInfo.InvariantCulture), Count.ToString(CultureInfo.InvariantCulture)];

    /// <summary>Creates the configuration of the instances.</summary>
    public GreenApiInstanceOptions[] ToOptions(ReceiveMode receive) => [.. Ids.Select(id => new GreenApiInstanceOptions
    {
        IdInstance = id,
        ApiTokenInstance = ApiToken,
        ApiUrl = ApiUrl.OriginalString,
        Receive = receive,
    })];
}
