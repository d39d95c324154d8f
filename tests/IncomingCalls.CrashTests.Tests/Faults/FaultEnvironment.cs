using IncomingCalls.Testing;

namespace IncomingCalls.CrashTests.Tests.Faults;

/// <summary>A gateway, a folder, and hosts as processes, for faults other than crash points.</summary>
internal sealed class FaultEnvironment : IAsyncDisposable
{
    /// <summary>The timeout of every wait; a passing run never reaches it.</summary>
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

    /// <param name="folder">An existing folder; null to create a temporary one.</param>
    public static async Task<FaultEnvironment> StartAsync(string? folder = null) => new(await Gateway.StartAsync(), folder);

    /// <summary>Starts a host.</summary>
    /// <param name="lockTimeout">How long the host waits for a file that another process uses.</param>
    /// <param name="wrapper">A command that runs the host; null for none.</param>
    public HostProcess Start(TimeSpan lockTimeout = default, IReadOnlyList<string>? wrapper = null) =>
        _runs.Start(crashPoint: null, lockTimeout, wrapper);

    /// <summary>Starts a host and waits until both transports run.</summary>
    public async Task<HostProcess> StartListeningAsync(IReadOnlyList<string>? wrapper = null)
    {
        var host = Start(wrapper: wrapper);
        (await host.Address.WaitAsync(WaitLimit)).Should().NotBeNull("the host should listen: {0}", FormatLog(host));
        return host;
    }

    /// <summary>Places a missed call on each instance.</summary>
    public void PlaceMissedCalls()
    {
        foreach (var instance in (SimulatedInstance[])[Gateway.PolledInstance, Gateway.WebhookInstance])
        {
            instance.PlaceCall().Ring().Decline();
        }
    }

    /// <summary>Waits until every notification is acknowledged and every delivery is done.</summary>
    public async Task WaitUntilAcknowledgedAsync(HostProcess host)
    {
        await EvidenceCollector.WaitUntilCompleteAsync(Gateway, Folder, WaitLimit, TimeProvider.System);
        Gateway.WaitingCount.Should().Be(0, "{0}", FormatLog(host));
    }

    /// <summary>Waits until a number of posts was answered with 503.</summary>
    public Task WaitUntilRefusedAsync(HostProcess host, int times) =>
        WaitUntilAsync(() => CountRefusals() >= times, () => $"{times} posts should be refused; {CountRefusals()} were. {FormatLog(host)}");

    /// <summary>Waits until the log of a host contains a line with this beginning.</summary>
    public static Task WaitUntilLoggedAsync(HostProcess host, string beginning) =>
        WaitUntilAsync(() => CountLogLines(host, beginning) > 0, () => $"'{beginning}' should be logged. {FormatLog(host)}");

    /// <summary>Waits until a condition holds.</summary>
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

    /// <summary>Counts the lines with this beginning in the log of a host.</summary>
    public static int CountLogLines(HostProcess host, string beginning) => host.Log.Count(line => line.StartsWith(beginning, StringComparison.Ordinal));

    public static string FormatLog(HostProcess host) => string.Join(Environment.NewLine, host.Log);

    /// <summary>Gets the result of the health check of a host.</summary>
    public static async Task<string> GetHealthAsync(HostProcess host)
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri((await host.Address)!, CallHost.HealthPath));
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>Stops a host gracefully, and checks the evidence of all runs.</summary>
    public async Task StopAndCheckAsync(HostProcess host)
    {
        host.Terminate();
        await host.WaitForExitAsync().WaitAsync(WaitLimit);
        host.ExitCode.Should().Be(0);
        RecordEnd(host);
        EvidenceChecker.Check(await EvidenceCollector.CollectAsync(Gateway, _runs, Folder)).Should().BeEmpty();
    }

    /// <summary>Records that a host has exited.</summary>
    public void RecordEnd(HostProcess host) => _runs.RecordEnd(host, "a fault", ExpectedEnd.KilledOrStopped);

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        _temporaryFolder?.Delete(recursive: true);
    }

    private int CountRefusals() => Gateway.WebhookInstance.History.Sum(sent => sent.Deliveries.Count(delivery => delivery.StatusCode == 503));
}
