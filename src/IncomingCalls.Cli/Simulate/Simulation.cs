using System.Net.Sockets;
using IncomingCalls.Cli.Lines;
using IncomingCalls.Cli.Output;
using IncomingCalls.Testing;

namespace IncomingCalls.Cli.Simulate;

/// <summary>A simulated GREEN-API, the people who ring it, and what becomes of their calls.</summary>
internal sealed class Simulation(SimulationOptions settings, TimeProvider time)
{
    /// <summary>Runs until the script is handled, the time is over, or the token is signalled.</summary>
    /// <param name="tell">Hears of everything that happens.</param>
    /// <param name="cancellationToken">Ends it; no failure.</param>
    /// <returns><see cref="ExitCode.NotAcknowledged"/> when the time was over before all of the script was handled.</returns>
    /// <exception cref="CommandFailedException">It cannot run.</exception>
    public async Task<ExitCode> RunAsync(Action<SimulateLine> tell, CancellationToken cancellationToken)
    {
        await using var simulator = await StartAsync(cancellationToken);
        var instances = AddInstances(simulator);
        foreach (var instance in instances)
        {
            tell(SimulateLine.CreateStarted(simulator.ApiUrl, instance, settings.Webhook, time.GetUtcNow()));
        }

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = settings.Duration is { } duration
            ? time.CreateTimer(_ => ending.Cancel(), null, duration, Timeout.InfiniteTimeSpan)
            : null;
        var journal = new SimulationMonitor(instances, tell, time);
        using var enough = new CancellationTokenSource();
        var watching = journal.RunAsync(enough.Token);
        var isComplete = await PlayAsync(instances, ending.Token);
        await enough.CancelAsync();
        await watching;

        tell(journal.CreateEndedLine());
        return isComplete || cancellationToken.IsCancellationRequested ? ExitCode.Success : throw new CommandFailedException(
            ExitCode.NotAcknowledged, $"The time is over, and {journal.WaitingCount} of the script's notifications were not taken.");
    }

    private async Task<GreenApiSimulator> StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await GreenApiSimulator.StartAsync(
                options =>
                {
                    options.Port = settings.Port;
                    options.TimeProvider = time;
                    options.ResendAfter = settings.ResendDelay ?? options.ResendAfter;
                    options.RestartAfterSettings = settings.RestartAfterSettings ?? options.RestartAfterSettings;
                },
                cancellationToken);
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            throw new CommandFailedException(ExitCode.Unusable, $"Port {settings.Port} cannot be used: something else listens there, or it takes more rights.");
        }
    }

    private List<SimulatedInstance> AddInstances(GreenApiSimulator simulator)
    {
        List<SimulatedInstance> instances = [];
        for (var i = 0; i < settings.InstanceCount; i++)
        {
            var instance = simulator.AddInstance(options =>
            {
                options.IdInstance = settings.FirstIdInstance + i;
                options.ApiTokenInstance = settings.Token;
            });
            instance.CallQuirks = settings.CallQuirks;
            instance.GatewayQuirks = settings.GatewayQuirks;
            instance.SetWebhook(settings.Webhook, settings.Authorization);
            instances.Add(instance);
        }

        return instances;
    }

    /// <summary>Lets people ring.</summary>
    /// <returns>Whether everything that was to be done is done.</returns>
    private async Task<bool> PlayAsync(List<SimulatedInstance> instances, CancellationToken ending)
    {
        if (settings.Script is not { } script)
        {
            await LifelikeCalls.RunAsync(
                instances,
                time,
                options =>
                {
                    options.Pause = settings.MeanPause;
                    options.Seed = settings.Seed;
                    options.LongestRing = settings.MaxRingTime ?? options.LongestRing;
                },
                ending);
            // Chance has no end that could be missed.
            return true;
        }

        try
        {
            for (var i = 0; i < script.Count; i++)
            {
                await script[i].PlayAsync(instances[i % instances.Count], time, ending);
            }

            foreach (var instance in instances)
            {
                await instance.WaitUntilHandledAsync(Timeout.InfiniteTimeSpan, ending);
            }

            return true;
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            return false;
        }
    }
}

/// <summary>What is to be simulated.</summary>
internal sealed class SimulationOptions
{
    public required int Port { get; init; }

    public required int InstanceCount { get; init; }

    public required long? FirstIdInstance { get; init; }

    public required string? Token { get; init; }

    /// <summary>Where to post; null to be polled.</summary>
    public required Uri? Webhook { get; init; }

    public required string? Authorization { get; init; }

    /// <summary>The calls; null for random ones.</summary>
    public required IReadOnlyList<ScriptedCall>? Script { get; init; }

    public required TimeSpan MeanPause { get; init; }

    public required TimeSpan? MaxRingTime { get; init; }

    public required int Seed { get; init; }

    public required CallQuirks CallQuirks { get; init; }

    public required GatewayQuirks GatewayQuirks { get; init; }

    public required TimeSpan? Duration { get; init; }

    public required TimeSpan? ResendDelay { get; init; }

    public required TimeSpan? RestartAfterSettings { get; init; }
}
