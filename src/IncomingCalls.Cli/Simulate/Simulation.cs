using System.Net.Sockets;
using IncomingCalls.Testing;

namespace IncomingCalls.Cli;

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
