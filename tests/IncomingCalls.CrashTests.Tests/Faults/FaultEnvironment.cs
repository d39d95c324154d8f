using IncomingCalls.Testing;

namespace IncomingCalls.CrashTests.Tests.Faults;

/// <summary>A gateway, a folder, and hosts as processes, none of which is killed at a point: something else is wrong with them.</summary>
internal sealed class FaultEnvironment : IAsyncDisposable
{
    /// <summary>Only reports: nothing waits for it in a run that passes.</summary>
    public static readonly TimeSpan WaitLimit = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly DirectoryInfo? _temporaryFolder;
    private readonly HostRuns _runs;

    private FaultEnvironment(Gateway gateway, string? folder)
    {
        Gateway = gateway;
        _temporaryFolder = folder is null ? Directory.CreateTempSubdirectory("incoming-calls-fault-") : null;
        Folder = folder ?? _temporaryFolder!.FullName;
        _runs = new(gateway, Folder);
    }

    public Gateway Gateway { get; }

    public string Folder { get; }

    public string InboxPath => HostSettings.InboxPathIn(Folder);

    /// <param name="folder">An existing folder; null for one of its own.</param>
    public static async Task<FaultEnvironment> StartAsync(string? folder = null) => new(await Gateway.StartAsync(), folder);

    /// <summary>Starts a host.</summary>
    /// <param name="lockWait">How long it waits for another engine.</param>
    /// <param name="wrapper">A command that runs it; null for none.</param>
    public HostProcess Start(TimeSpan lockWait = default, IReadOnlyList<string>? wrapper = null) =>
        _runs.Start(dieAt: null, lockWait, wrapper);

    /// <summary>Starts a host, and waits until both transports run.</summary>
    public async Task<HostProcess> StartListeningAsync(IReadOnlyList<string>? wrapper = null)
    {
        var host = Start(wrapper: wrapper);
        (await host.Address.WaitAsync(WaitLimit)).Should().NotBeNull("it should listen: {0}", FormatLog(host));
        return host;
    }

    /// <summary>A missed call on each instance.</summary>
    public void PlaceMissedCalls()
    {
        foreach (var instance in (SimulatedInstance[])[Gateway.PolledInstance, Gateway.WebhookInstance])
        {
            instance.PlaceCall().Ring().Decline();
        }
    }

    /// <summary>Waits until the gateway has everything acknowledged and the handlers have done with it.</summary>
    public async Task WaitUntilHandledAsync(HostProcess host)
    {
        await EvidenceCollector.WaitUntilCompleteAsync(Gateway, Folder, WaitLimit, TimeProvider.System);
        Gateway.WaitingCount.Should().Be(0, "{0}", FormatLog(host));
    }

    /// <summary>Waits until posts have been answered 503 that often.</summary>
    public Task WaitUntilRefusedAsync(HostProcess host, int times) =>
        WaitUntilAsync(() => CountRefusals() >= times, () => $"{times} posts should be refused; {CountRefusals()} were. {FormatLog(host)}");

    /// <summary>Waits until a line of a host's log begins like this.</summary>
    public static Task WaitUntilLoggedAsync(HostProcess host, string beginning) =>
        WaitUntilAsync(() => CountLogLines(host, beginning) > 0, () => $"'{beginning}' should be logged. {FormatLog(host)}");

    /// <summary>Waits until something holds.</summary>
    public static async Task WaitUntilAsync(Func<bool> holds, Func<string> because)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(PollInterval);
        while (!holds())
        {
            TimeProvider.System.GetElapsedTime(started).Should().BeLessThan(WaitLimit, "{0}", because());
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>How many lines of a host's log begin like this.</summary>
    public static int CountLogLines(HostProcess host, string beginning) => host.Log.Count(line => line.StartsWith(beginning, StringComparison.Ordinal));

    public static string FormatLog(HostProcess host) => string.Join(Environment.NewLine, host.Log);

    /// <summary>What a host tells about its health.</summary>
    public static async Task<string> GetHealthAsync(HostProcess host)
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri((await host.Address)!, CallHost.HealthPath));
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>Ends a host as a deployment does, and checks everything that it and those before it have done.</summary>
    public async Task StopAndCheckAsync(HostProcess host)
    {
        host.Terminate();
        await host.WaitForExitAsync().WaitAsync(WaitLimit);
        host.ExitCode.Should().Be(0);
        RecordEnd(host);
        EvidenceChecker.Check(await EvidenceCollector.CollectAsync(Gateway, _runs, Folder)).Should().BeEmpty();
    }

    /// <summary>Writes down that a host is gone.</summary>
    public void RecordEnd(HostProcess host) => _runs.RecordEnd(host, "a fault", mayEndByItself: true);

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        _temporaryFolder?.Delete(recursive: true);
    }

    private int CountRefusals() => Gateway.WebhookInstance.History.Sum(sent => sent.Deliveries.Count(delivery => delivery.StatusCode == 503));
}
