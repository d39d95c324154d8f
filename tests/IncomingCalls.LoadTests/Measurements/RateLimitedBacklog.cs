using System.Globalization;
using IncomingCalls.Processes;

namespace IncomingCalls.LoadTests;

/// <summary>The delay of new calls at a plain handler, while thousands of deliveries wait for the rate limit of another one.</summary>
internal sealed class RateLimitedBacklog : Measurement
{
    private const int Backlog = 5_000;
    private const int Connections = 32;
    private const int Offers = 300;
    private const int OffersPerSecond = 20;
    private const int Rounds = 5;

    /// <summary>The backlog belongs to one instance; half of the new calls come from it, too.</summary>
    private const long BacklogInstance = 1101000001;

    private static readonly TimeSpan BacklogLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly Budget Budget = Budget.AtMost(1, unit: "s");

    private static readonly OfferPlan NewCalls = new()
    {
        Count = Offers,
        IdInstance = static i => BacklogInstance + (i % 2),
        SendAfter = static i => TimeSpan.FromSeconds(1) * i / OffersPerSecond,
    };

    public override string Name => "burst.rate_limited";

    public override async Task<IReadOnlyList<Figure>> RunAsync(LoadOptions options)
    {
        using var folder = new TemporaryFolder();
        await using var postgres = await PostgresServer.StartAsync();
        return
        [
            await RunAsync($"{Name}.sqlite", await ServerProcess.StartAsync(nameof(ServerKind.SqliteRateLimited), folder.PathOf("inbox.db")), options),
            await RunAsync($"{Name}.postgres", await ServerProcess.StartAsync(nameof(ServerKind.PostgresRateLimited), postgres.ConnectionString("postgres")), options),
        ];
    }

    private static async Task<Figure> RunAsync(string name, ServerProcess server, LoadOptions options)
    {
        await using var load = await OfferLoad.ConnectAsync(server, Connections);
        var burst = await load.RunAsync(new() { Count = Backlog, IdInstance = static _ => BacklogInstance }, BacklogLimit, HandlerRole.Plain);
        List<OfferTimes> rounds = [];
        for (var i = 0; i < (options.IsQuick ? 1 : Rounds); i++)
        {
            rounds.Add(await load.RunAsync(NewCalls, Limit, HandlerRole.Plain));
        }

        var delays = rounds.SelectMany(static round => round.FindDelays(HandlerRole.Plain)).Order().ToArray();
        return new()
        {
            Name = name,
            Value = delays[^1].TotalSeconds,
            Budget = Budget,
            Detail = string.Create(
                CultureInfo.InvariantCulture,
                $"the longest of {delays.Length} delays, whose median is {delays[delays.Length / 2].TotalMilliseconds:0.0} ms; {rounds.Sum(static round => round.CountHandled(HandlerRole.Plain))} of {rounds.Count * Offers} were handled; the plain handler had handled {burst.CountHandled(HandlerRole.Plain)} of the {Backlog} of the backlog before"),
        };
    }
}
