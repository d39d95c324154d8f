using System.Globalization;
using IncomingCalls.Testing;

namespace IncomingCalls.LoadTests;

/// <summary>
/// 300 offers of unknown callers on one instance within two seconds, while GREEN-API answers one name request per second: what the wait for names
/// delays with the SQLite inbox and with the in-memory inbox.
/// </summary>
internal sealed class UnknownCallerBurst : Measurement
{
    private const int Offers = 300;
    private const int Connections = 32;
    private const int Rounds = 5;
    private const int QuickRounds = 3;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AlertLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RecordLimit = new IncomingCallsOptions().CallerNameWait + TimeSpan.FromSeconds(5);

    private static readonly Budget RateBudget = Budget.AtLeast(0.90);
    private static readonly Budget RecordBudget = Budget.AtMost(RecordLimit.TotalSeconds, unit: "s");
    private static readonly Budget AlertBudget = Budget.AtLeast(Offers, unit: "alerts");
    private static readonly Budget AnswerBudget = Budget.AtMost(5, unit: "s");

    public override string Name => "burst.names";

    public override async Task<IReadOnlyList<Figure>> RunAsync(LoadOptions options)
    {
        var rounds = options.IsQuick ? QuickRounds : Rounds;
        return [.. await MeasureSqliteAsync(rounds, options), await MeasureInMemoryAsync(rounds)];
    }

    private async Task<IReadOnlyList<Figure>> MeasureSqliteAsync(int rounds, LoadOptions options)
    {
        using var folder = new TemporaryFolder();
        await using var simulator = await GreenApiSimulator.StartAsync();
        // Every burst calls another instance, since the name requests of a burst take five minutes.
        var (range, instances) = InstanceRange.AddTo(simulator, 1 + (2 * rounds));
        AddContacts(instances);
        await using var load = await OfferLoad.ConnectAsync(
            await ServerProcess.StartAsync([nameof(ServerKind.SqliteNames), folder.PathOf("inbox.db"), .. range.ToArguments()]), Connections);
        var warmUp = await WarmUp.RunAsync(options.MaxWarmUpWindows, async () =>
            (await load.RunAsync(new() { Count = Offers, IdInstance = _ => range.First }, AlertLimit, HandlerRole.Plain)).ComputeRate(HandlerRole.Plain));
        List<(OfferTimes Known, OfferTimes Unknown)> bursts = [];
        for (var i = 0; i < rounds; i++)
        {
            bursts.Add((
                await RunAsync(load, range.First + 1 + (2 * i), KnownCallerNames.First),
                await RunAsync(load, range.First + 2 + (2 * i), KnownCallerNames.FirstUnknown)));
        }

        return
        [
            Figure.FromSample($"{Name}.sqlite", RateBudget, bursts.Select(burst => burst.Unknown.ComputeRate(HandlerRole.Plain) / burst.Known.ComputeRate(HandlerRole.Plain)), string.Create(
                CultureInfo.InvariantCulture,
                $"the plain handler handled at least {bursts.Min(burst => burst.Unknown.CountHandled(HandlerRole.Plain))} of {Offers} offers while they were observed, {bursts.Min(burst => burst.Known.CountHandled(HandlerRole.Plain))} with known names; {warmUp}")),
            new()
            {
                Name = $"{Name}.records",
                Value = bursts.Max(burst => burst.Unknown.FindDelays(HandlerRole.Recorder).Max().TotalSeconds),
                Budget = RecordBudget,
                Detail = $"the latest record, or the end of the observation; at least {bursts.Min(burst => burst.Unknown.CountHandledWithin(HandlerRole.Recorder, RecordLimit))} of {Offers} records were stored in time",
            },
            new()
            {
                Name = $"{Name}.alerts",
                Value = bursts.Min(burst => burst.Unknown.CountHandledWithin(HandlerRole.Notifier, AlertLimit)),
                Budget = AlertBudget,
                Detail = string.Create(CultureInfo.InvariantCulture, $"raised within {AlertLimit.TotalSeconds:0} s of {Offers} offers; the fewest of {rounds} bursts"),
            },
        ];
    }

    private static Task<OfferTimes> RunAsync(OfferLoad load, long idInstance, long firstCaller) => load.RunAsync(
        new() { Count = Offers, IdInstance = _ => idInstance, Caller = i => firstCaller + i, SendAfter = static i => i * Duration / Offers },
        RecordLimit,
        HandlerRole.Plain,
        HandlerRole.Recorder,
        HandlerRole.Notifier);

    private async Task<Figure> MeasureInMemoryAsync(int rounds)
    {
        await using var simulator = await GreenApiSimulator.StartAsync();
        var (range, instances) = InstanceRange.AddTo(simulator, 1 + (2 * rounds));
        AddContacts(instances);
        await using var server = await ServerProcess.StartAsync([nameof(ServerKind.InMemoryNames), .. range.ToArguments()]);
        // The first burst is the warm-up.
        await RingingInstance.RunAsync(instances[0], server.Address, KnownCallerNames.First, Offers, Duration);
        List<RingingInstance> known = [];
        List<RingingInstance> unknown = [];
        for (var i = 0; i < rounds; i++)
        {
            known.Add(await RingingInstance.RunAsync(instances[1 + (2 * i)], server.Address, KnownCallerNames.First, Offers, Duration));
            unknown.Add(await RingingInstance.RunAsync(instances[2 + (2 * i)], server.Address, KnownCallerNames.FirstUnknown, Offers, Duration));
        }

        return new()
        {
            Name = $"{Name}.memory",
            Value = unknown.Zip(known, (later, earlier) => later.FindDelays().Zip(earlier.FindDelays(), (first, second) => (first - second).TotalSeconds).Max()).Max(),
            Budget = AnswerBudget,
            Detail = string.Create(
                CultureInfo.InvariantCulture,
                $"the most that an answer is later than with known names; at least {unknown.Min(burst => burst.AnsweredCount)} of {Offers} offers answered, the last after {unknown.Max(burst => burst.FindDelays().Max().TotalSeconds):0.0} s, {known.Max(burst => burst.FindDelays().Max().TotalSeconds):0.0} s with known names"),
        };
    }

    /// <summary>Adds the callers whose names only GREEN-API knows.</summary>
    private static void AddContacts(IReadOnlyList<SimulatedInstance> instances)
    {
        foreach (var instance in instances)
        {
            for (var i = 0; i < Offers; i++)
            {
                instance.Contacts[$"{KnownCallerNames.FirstUnknown + i}@c.us"] = new() { ContactName = $"Client {i}" };
            }
        }
    }
}
