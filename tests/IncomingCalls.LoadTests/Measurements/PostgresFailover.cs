using System.Diagnostics;
using System.Globalization;
using IncomingCalls.Processes;

namespace IncomingCalls.LoadTests;

/// <summary>
/// How long after the end of a node another one has handled the deliveries whose attempts the first one was running: when it is stopped, killed, or paused, without
/// and with the transaction of the event. And how long the calls take that the other node accepts meanwhile.
/// </summary>
/// <remarks>A node whose link is taken down is part of the cluster campaign, since it needs a network of its own.</remarks>
internal sealed class PostgresFailover : Measurement
{
    private const long FirstInstance = 1101000001;

    /// <summary>The deliveries that the first node runs, each of another instance.</summary>
    private const int Interrupted = 4;

    /// <summary>The calls that the other node handles before, since the first calls of a process take a second. The node that hangs may have claimed some of them.</summary>
    private const int WarmUpCalls = 50;
    private const int FirstWarmUpCall = 10_000;

    private static readonly TimeSpan MeanwhileInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    private static readonly (string Name, ServerKind Kind, double Seconds, Func<ServerProcess, Task> End, bool IsPaused)[] Ends =
    [
        ("stopped", ServerKind.PostgresHanging, 1, static node => RunAsync(node.Stop), false),
        ("killed", ServerKind.PostgresHanging, 2, static node => RunAsync(node.Kill), false),
        ("paused", ServerKind.PostgresHanging, 25, static node => node.SetPausedAsync(true), true),
        ("paused_in_transaction", ServerKind.PostgresHangingInTransaction, 60, static node => node.SetPausedAsync(true), true),
    ];

    public override string Name => "failover.postgres";

    public override async Task<IReadOnlyList<Figure>> RunAsync(LoadOptions options)
    {
        await using var postgres = await PostgresServer.StartAsync();
        List<Figure> figures = [];
        foreach (var (name, kind, seconds, end, isPaused) in Ends)
        {
            var database = await PostgresDatabase.CreateAsync(postgres, name);
            // The node that ends is alone first, so that it is the one that runs the attempts.
            await using var failing = await ServerProcess.StartAsync(kind.ToString(), database);
            await using var other = await StartAttemptsAsync(failing, database);
            var ended = Stopwatch.GetTimestamp();
            await end(failing);
            var (last, slowest, meanwhile) = await ObserveAsync(other);
            if (isPaused)
            {
                await failing.SetPausedAsync(false);
            }

            figures.Add(new()
            {
                Name = $"{Name}.{name}",
                Value = Stopwatch.GetElapsedTime(ended, last).TotalSeconds,
                Budget = Budget.AtMost(seconds, unit: "s"),
                Detail = string.Create(
                    CultureInfo.InvariantCulture, $"until {Interrupted} interrupted attempts were repeated; {meanwhile} calls that the other node accepted meanwhile were handled within {slowest.TotalMilliseconds:0} ms"),
            });
        }

        return figures;
    }

    /// <summary>Sends calls to the node and waits until their attempts run; then starts the other node.</summary>
    private static async Task<ServerProcess> StartAttemptsAsync(ServerProcess failing, string database)
    {
        using var connection = new LoadConnection();
        await connection.ConnectAsync(failing.Address);
        for (var i = 0; i < Interrupted; i++)
        {
            await connection.PostAsync(RequestTemplate.Call(FirstInstance + i, "pickUp").Render(i));
        }

        while (await PostgresDatabase.QueryAsync<long>(database, "SELECT COUNT(*) FROM incoming_calls.starts") < Interrupted)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }

        var other = await ServerProcess.StartAsync(nameof(ServerKind.PostgresTimes), database);
        await WarmUpAsync(other);
        return other;
    }

    private static async Task WarmUpAsync(ServerProcess node)
    {
        using var connection = new LoadConnection();
        await connection.ConnectAsync(node.Address);
        for (var call = 0; call < WarmUpCalls; call++)
        {
            await connection.PostAsync(RequestTemplate.Call(FirstInstance + Interrupted + call, "pickUp").Render(FirstWarmUpCall + call));
        }

        for (var handled = 0; handled < WarmUpCalls * 8 / 10;)
        {
            await Task.Delay(MeanwhileInterval);
            handled += HandlerTime.Parse(await node.GetAsync($"/times/{HandlerRole.Plain}")).Count();
        }
    }

    /// <summary>Sends calls to the other node until it has handled those that were interrupted.</summary>
    /// <returns>A task whose result is when the last interrupted call was handled, the longest time from sending another call to its handling, and the number of those.</returns>
    private static async Task<(long Last, TimeSpan Slowest, int Meanwhile)> ObserveAsync(ServerProcess other)
    {
        using var connection = new LoadConnection();
        await connection.ConnectAsync(other.Address);
        Dictionary<string, long> sentAt = [];
        Dictionary<string, long> handledAt = [];
        string[] interrupted = [.. Enumerable.Range(0, Interrupted).Select(static i => RequestTemplate.FormatId(i))];
        var started = Stopwatch.GetTimestamp();
        while (!interrupted.All(handledAt.ContainsKey) || !sentAt.Keys.All(handledAt.ContainsKey))
        {
            if (Stopwatch.GetElapsedTime(started) > Limit)
            {
                throw new InvalidOperationException($"After {Limit.TotalSeconds} s only {handledAt.Count} of {Interrupted + sentAt.Count} calls were handled.");
            }

            if (!interrupted.All(handledAt.ContainsKey))
            {
                var call = Interrupted + sentAt.Count;
                sentAt[RequestTemplate.FormatId(call)] = Stopwatch.GetTimestamp();
                await connection.PostAsync(RequestTemplate.Call(FirstInstance + (call % Interrupted), "pickUp").Render(call));
            }

            await Task.Delay(MeanwhileInterval);
            foreach (var time in HandlerTime.Parse(await other.GetAsync($"/times/{HandlerRole.Plain}")))
            {
                handledAt.TryAdd(time.IdMessage, time.At);
            }
        }

        return (interrupted.Max(id => handledAt[id]), sentAt.Max(sent => Stopwatch.GetElapsedTime(sent.Value, handledAt[sent.Key])), sentAt.Count);
    }

    private static Task RunAsync(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
