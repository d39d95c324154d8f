using IncomingCalls.Testing;

namespace IncomingCalls.CrashTests.Tests.Faults;

/// <summary>A gateway, a folder, and hosts as processes, none of which is killed at a point: something else is wrong with them.</summary>
internal sealed class FaultDesk : IAsyncDisposable
{
    /// <summary>Only reports: nothing waits for it in a run that passes.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    private readonly DirectoryInfo? _ownFolder;
    private readonly Lives _lives;

    private FaultDesk(Gateway gateway, string? folder)
    {
        Gateway = gateway;
        _ownFolder = folder is null ? Directory.CreateTempSubdirectory("incoming-calls-fault-") : null;
        Folder = folder ?? _ownFolder!.FullName;
        _lives = new(gateway, Folder);
    }

    public Gateway Gateway { get; }

    public string Folder { get; }

    public string InboxPath => HostSettings.InboxIn(Folder);

    /// <param name="folder">An existing folder; null for one of its own.</param>
    public static async Task<FaultDesk> StartAsync(string? folder = null) => new(await Gateway.StartAsync(), folder);

    /// <summary>Starts a host.</summary>
    /// <param name="lockWait">How long it waits for another engine.</param>
    /// <param name="wrapper">A command that runs it; null for none.</param>
    public HostProcess Start(TimeSpan lockWait = default, IReadOnlyList<string>? wrapper = null) =>
        _lives.Start(dieAt: null, lockWait, wrapper);

    /// <summary>Starts a host, and waits until both transports run.</summary>
    public async Task<HostProcess> StartListeningAsync(IReadOnlyList<string>? wrapper = null)
    {
        var host = Start(wrapper: wrapper);
        (await host.Address.WaitAsync(Limit)).Should().NotBeNull("it should listen: {0}", LogOf(host));
        return host;
    }

    /// <summary>A missed call on each instance.</summary>
    public void Ring()
    {
        foreach (var instance in (SimulatedInstance[])[Gateway.Polled, Gateway.Posting])
        {
            instance.PlaceCall().Ring().Decline();
        }
    }

    /// <summary>Waits until the gateway has everything acknowledged and the handlers have done with it.</summary>
    public async Task UntilHandledAsync(HostProcess host)
    {
        await EvidenceCollector.WaitUntilCompleteAsync(Gateway, Folder, Limit, TimeProvider.System);
        Gateway.Waiting.Should().Be(0, "{0}", LogOf(host));
    }

    /// <summary>Waits until posts have been answered 503 that often.</summary>
    public Task UntilRefusedAsync(HostProcess host, int times) =>
        UntilAsync(() => Refusals() >= times, () => $"{times} posts should be refused; {Refusals()} were. {LogOf(host)}");

    /// <summary>Waits until a line of a host's log begins like this.</summary>
    public static Task UntilLoggedAsync(HostProcess host, string beginning) =>
        UntilAsync(() => LinesOf(host, beginning) > 0, () => $"'{beginning}' should be logged. {LogOf(host)}");

    /// <summary>Waits until something holds.</summary>
    public static async Task UntilAsync(Func<bool> holds, Func<string> because)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(Look);
        while (!holds())
        {
            TimeProvider.System.GetElapsedTime(started).Should().BeLessThan(Limit, "{0}", because());
            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>How many lines of a host's log begin like this.</summary>
    public static int LinesOf(HostProcess host, string beginning) => host.Log.Count(line => line.StartsWith(beginning, StringComparison.Ordinal));

    public static string LogOf(HostProcess host) => string.Join(Environment.NewLine, host.Log);

    /// <summary>What a host tells about its health.</summary>
    public static async Task<string> HealthOfAsync(HostProcess host)
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri((await host.Address)!, CallHost.HealthPath));
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>Ends a host as a deployment does, and checks everything that it and those before it have done.</summary>
    public async Task EndWellAsync(HostProcess host)
    {
        host.Terminate();
        await host.WaitAsync().WaitAsync(Limit);
        host.ExitCode.Should().Be(0);
        Note(host);
        Checker.Check(await EvidenceCollector.CollectAsync(Gateway, _lives, Folder)).Should().BeEmpty();
    }

    /// <summary>Writes down that a host is gone.</summary>
    public void Note(HostProcess host) => _lives.Note(host, "a fault", mayEndByItself: true);

    public async ValueTask DisposeAsync()
    {
        await Gateway.DisposeAsync();
        _ownFolder?.Delete(recursive: true);
    }

    private int Refusals() => Gateway.Posting.History.Sum(sent => sent.Deliveries.Count(delivery => delivery.StatusCode == 503));
}
