using System.Globalization;
using System.Net.Sockets;
using IncomingCalls.Cli.Lines;
using IncomingCalls.Cli.Output;
using IncomingCalls.Testing;

namespace IncomingCalls.Cli.Simulate;

/// <summary>Runs a simulated GREEN-API, generates its calls, and reports what happens to their notifications.</summary>
internal sealed class Simulation(SimulationOptions settings, TimeProvider time)
{
    /// <summary>The number of the first instance. Each instance has its own, because one number on several instances is a fault.</summary>
    private const long FirstNumber = 70000000001;

    /// <summary>Runs until the notifications of the script are acknowledged, the duration has elapsed, or the token is canceled.</summary>
    /// <param name="report">Receives a line for everything that happens.</param>
    /// <param name="cancellationToken">Ends the simulation, which then succeeds.</param>
    /// <returns>A task whose result is the exit code.</returns>
    /// <exception cref="CommandFailedException">
    /// The simulator cannot start, or the duration elapsed before all notifications of the script were acknowledged
    /// (<see cref="ExitCode.NotAcknowledged"/>).
    /// </exception>
    public async Task<ExitCode> RunAsync(Action<SimulateLine> report, CancellationToken cancellationToken)
    {
        await using var simulator = await StartAsync(cancellationToken);
        var instances = AddInstances(simulator);
        foreach (var instance in instances)
        {
            report(SimulateLine.CreateStarted(simulator.ApiUrl, instance, settings.Webhook, time.GetUtcNow()));
        }

        using var stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = settings.Duration is { } duration
            ? time.CreateTimer(_ => stopping.Cancel(), null, duration, Timeout.InfiniteTimeSpan)
            : null;
        var monitor = new SimulationMonitor(instances, report, time);
        using var stopMonitoring = new CancellationTokenSource();
        var monitoring = monitor.RunAsync(stopMonitoring.Token);
        var isComplete = await PlayAsync(instances, stopping.Token);
        await stopMonitoring.CancelAsync();
        await monitoring;

        report(monitor.CreateEndedLine());
        return isComplete || cancellationToken.IsCancellationRequested ? ExitCode.Success : throw new CommandFailedException(
            ExitCode.NotAcknowledged, $"The duration has elapsed, and {monitor.WaitingCount} notifications of the script were not acknowledged.");
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
            throw new CommandFailedException(ExitCode.Unusable, $"Port {settings.Port} cannot be used: another program listens on it, or it requires more permissions.");
        }
    }

    private List<SimulatedInstance> AddInstances(GreenApiSimulator simulator)
    {
        List<SimulatedInstance> instances = [];
        for (var i = 0; i < settings.InstanceCount; i++)
        {
            var number = FirstNumber + i;
            var instance = simulator.AddInstance(options =>
            {
                options.IdInstance = settings.FirstIdInstance + i;
                options.ApiTokenInstance = settings.Token;
                options.Wid = string.Create(CultureInfo.InvariantCulture, $"{number}@c.us");
            });
            instance.State = settings.State;
            instance.CallQuirks = settings.CallQuirks;
            instance.GatewayQuirks = settings.GatewayQuirks;
            instance.SetWebhook(settings.Webhook, settings.Authorization);
            instances.Add(instance);
        }

        return instances;
    }

    /// <summary>Generates random calls or plays the script.</summary>
    /// <returns>A task whose result is whether all notifications of the script were acknowledged; always true for random calls.</returns>
    private async Task<bool> PlayAsync(List<SimulatedInstance> instances, CancellationToken stopping)
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
                stopping);
            // Random calls have no end that could be missed.
            return true;
        }

        try
        {
            for (var i = 0; i < script.Count; i++)
            {
                await script[i].PlayAsync(instances[i % instances.Count], time, stopping);
            }

            foreach (var instance in instances)
            {
                await instance.WaitUntilAcknowledgedAsync(Timeout.InfiniteTimeSpan, stopping);
            }

            return true;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return false;
        }
    }
}

/// <summary>The options of a simulation.</summary>
internal sealed class SimulationOptions
{
    public required int Port { get; init; }

    public required int InstanceCount { get; init; }

    public required long? FirstIdInstance { get; init; }

    public required string? Token { get; init; }

    /// <summary>The address to post notifications to; null to have them received by polling.</summary>
    public required Uri? Webhook { get; init; }

    public required string? Authorization { get; init; }

    /// <summary>The scripted calls; null for random calls.</summary>
    public required IReadOnlyList<ScriptedCall>? Script { get; init; }

    public required TimeSpan MeanPause { get; init; }

    public required TimeSpan? MaxRingTime { get; init; }

    public required int Seed { get; init; }

    public required CallQuirks CallQuirks { get; init; }

    public required GatewayQuirks GatewayQuirks { get; init; }

    public required SimulatedState State { get; init; }

    public required TimeSpan? Duration { get; init; }

    public required TimeSpan? ResendDelay { get; init; }

    public required TimeSpan? RestartAfterSettings { get; init; }
}
