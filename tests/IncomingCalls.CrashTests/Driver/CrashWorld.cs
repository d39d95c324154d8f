using System.Net;
using System.Net.Sockets;
using IncomingCalls.CrashTests.Checking;
using IncomingCalls.CrashTests.Desk;
using IncomingCalls.Testing;

namespace IncomingCalls.CrashTests.Driver;

/// <summary>A gateway, a folder, and the hosts that live and die there one after another.</summary>
internal sealed class CrashWorld : IAsyncDisposable
{
    private static readonly TimeSpan LongestLife = TimeSpan.FromSeconds(10);

    private static readonly string[][] Scripts =
    [
        ["offer", "pickUp"], ["offer", "declined"], ["offer", "hungUp"], ["offer", "missed", "declined"], ["offer", "declined", "pickUp"],
        ["declined", "offer"], ["pickUp", "offer", "declined"], ["offer", "transferred", "pickUp"], ["declined"],
    ];

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("incoming-calls-crash-");
    private readonly Dictionary<int, long> _killedAt = [];
    private readonly Dictionary<string, int> _deaths = [];
    private readonly GreenApiSimulator _gateway;
    private readonly Random _random;
    private readonly int _port = FreePort();
    private int _life;

    private CrashWorld(GreenApiSimulator gateway, Random random) => (_gateway, _random) = (gateway, random);

    public static async Task<CrashWorld> StartAsync(Random random)
    {
        var gateway = await GreenApiSimulator.StartAsync(options =>
        {
            options.ResendAfter = TimeSpan.FromMilliseconds(30);
            options.EnforceRateLimits = false;
        });
        gateway.AddInstance();
        var world = new CrashWorld(gateway, random);
        gateway.AddInstance().SetWebhook(new($"http://127.0.0.1:{world._port}/webhooks/green-api"), DeskHost.Token);
        return world;
    }

    /// <summary>How many hosts died where.</summary>
    public IReadOnlyDictionary<string, int> Deaths => _deaths;

    /// <summary>A host works through some calls until it is killed: at a named place, or at any moment.</summary>
    public async Task LiveAndDieAsync()
    {
        Ring(calls: _random.Next(2, 8));
        var place = _random.Next(2) == 0 ? DeathPoints.All[_random.Next(DeathPoints.All.Count)] : null;
        await using var host = HostProcess.Start(Settings(place, _random.Next(1, 12)));
        var life = place is null ? TimeSpan.FromMilliseconds(_random.Next(0, 1_500)) : LongestLife;
        var diedThere = await host.KillAfterAsync(life, fromReadiness: place is null && _random.Next(3) != 0);
        var where = place is not null && diedThere ? place : "any moment";
        _deaths[where] = _deaths.GetValueOrDefault(where) + 1;
        _killedAt[_life] = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
    }

    /// <summary>A last host finishes what is left and ends in order.</summary>
    public async Task<CrashHistory> FinishAsync()
    {
        await using (var host = HostProcess.Start(Settings(dieAt: null, count: 0)))
        {
            await _gateway.WaitUntilHandledAsync(TimeSpan.FromMinutes(2));
            await InboxIsEmptyAsync();
            await host.StopAsync();
        }

        return new()
        {
            Sent = [.. _gateway.Instances.SelectMany(instance => instance.History.Select(sent => Of(instance, sent)))],
            Effects = [.. (await File.ReadAllLinesAsync(Effects.FileOf(_folder.FullName))).Select(Effect.Parse)],
            KilledAt = _killedAt,
            Handlers = [FirstHandler.Name, SecondHandler.Name],
        };
    }

    public async ValueTask DisposeAsync()
    {
        await _gateway.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static SentNotification Of(SimulatedInstance instance, SimulatedNotification sent) => new()
    {
        Call = $"{instance.IdInstance}/{sent.IdMessage}",
        Status = NotificationReader.Read(sent.Body.Span).Call!.RawStatus!,
        IsAcknowledged = sent.AcknowledgedAt is not null,
    };

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private void Ring(int calls)
    {
        foreach (var instance in _gateway.Instances)
        {
            for (var i = 0; i < calls; i++)
            {
                var call = instance.PlaceCall();
                foreach (var status in Scripts[_random.Next(Scripts.Length)])
                {
                    call.Send(status);
                    if (_random.Next(5) == 0)
                    {
                        call.Repeat();
                    }
                }
            }
        }
    }

    private async Task InboxIsEmptyAsync()
    {
        var inbox = new SqliteInboxFile(Path.Combine(_folder.FullName, "calls.db"));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var looks = 0; (await inbox.GetStatisticsAsync()).Depth > 0; looks++)
        {
            if (looks > 1_200)
            {
                throw new TimeoutException("The last host did not finish what was left.");
            }

            await timer.WaitForNextTickAsync();
        }
    }

    private DeskSettings Settings(string? dieAt, int count) => new()
    {
        Folder = _folder.FullName,
        Port = _port,
        ApiUrl = _gateway.ApiUrl.ToString(),
        PolledInstance = _gateway.Instances.First().IdInstance,
        PolledToken = _gateway.Instances.First().ApiTokenInstance,
        Life = ++_life,
        DieAt = dieAt,
        DieAtCount = count,
    };
}
