using System.Globalization;

namespace IncomingCalls.LoadTests;

/// <summary>Which instances a polling server polls, as its arguments say.</summary>
internal sealed class PolledInstances
{
    /// <summary>The secret of every instance of the measurements.</summary>
    public const string ApiToken = "load-test-api-token-0123456789";

    public required Uri ApiUrl { get; init; }

    public required long First { get; init; }

    public required int Count { get; init; }

    public IEnumerable<long> Ids => Enumerable.Range(0, Count).Select(i => First + i);

    public static PolledInstances Parse(IReadOnlyList<string> arguments) => new()
    {
        ApiUrl = new(arguments[0]),
        First = long.Parse(arguments[1], CultureInfo.InvariantCulture),
        Count = int.Parse(arguments[2], CultureInfo.InvariantCulture),
    };

    public IEnumerable<string> ToArguments() =>
        [ApiUrl.OriginalString, First.ToString(CultureInfo.InvariantCulture), Count.ToString(CultureInfo.InvariantCulture)];
}
