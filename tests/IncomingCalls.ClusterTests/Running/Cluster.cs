using IncomingCalls.CrashTests;
using IncomingCalls.Processes;

namespace IncomingCalls.ClusterTests;

/// <summary>The running silos, one on each node, and the runs of those that have ended.</summary>
internal sealed class Cluster(Gateway gateway, string folder, int redisPort, TimeProvider time) : ProcessCluster<Silo>(gateway, folder, ExpectedErrors, time)
{
    /// <summary>The storage is unavailable.</summary>
    private static readonly string[] ExpectedErrors = ["6000"];

    private readonly string _name = $"cluster-{Guid.NewGuid():N}";
    private readonly Uri _apiUrl = gateway.ApiUrl;
    private readonly Dictionary<int, int> _ports = [];
    private readonly List<SiloRun> _ended = [];
    private ClusterStorageReader? _stored;

    public IReadOnlyList<SiloRun> Ended => _ended;

    /// <summary>Starts a silo.</summary>
    /// <param name="node">The number of the node.</param>
    /// <param name="isSamePort">Whether it uses the port of its predecessor, which tells the other silos at once that the predecessor has exited.</param>
    public Silo Start(int node, bool isSamePort)
    {
        var port = _ports[node] = isSamePort && _ports.TryGetValue(node, out var before) ? before : RedisProcess.FreePort();
        var settings = new SiloSettings { Common = CreateSettings(_apiUrl), Cluster = _name, RedisPort = redisPort, SiloPort = port };
        var process = HostProcess.Start(settings.Common.Process, [.. HostCommand.Find("IncomingCalls.ClusterTests"), .. settings.ToArguments()]);
        var silo = new Silo(node, process, _stored ??= new(_name, redisPort));
        Add(silo);
        return silo;
    }

    /// <summary>Chooses a silo to inject a fault into. Waits until there is one.</summary>
    public async Task<Silo> ChooseAsync(Random chance)
    {
        using var timer = new PeriodicTimer(PollInterval, Time);
        while (true)
        {
            await RestartEndedAsync();
            Silo[] settled = [.. Running.Where(silo => silo.IsSettled)];
            if (settled.Length > 0)
            {
                return settled[chance.Next(settled.Length)];
            }

            await timer.WaitForNextTickAsync();
        }
    }

    public override async Task RestartEndedAsync()
    {
        foreach (var silo in Running.Where(silo => silo.Process.HasExited))
        {
            RecordEnded(silo, await silo.WaitForEndAsync());
            Start(silo.Node, isSamePort: true);
        }
    }

    /// <summary>Records that a silo has exited.</summary>
    public void RecordEnded(Silo silo, SiloRun run)
    {
        RecordEnded(silo.Process, run, isExpected: run.EndKind != SiloEnd.Broken);
        _ended.Add(run);
    }

    /// <summary>Writes the content of the storage to a file, for the analysis of a finding.</summary>
    public async Task WriteStoredAsync() => await File.WriteAllLinesAsync(Path.Combine(Folder, "stored"), await _stored!.ReadAllStatesAsync());

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (_stored is not null)
        {
            await _stored.DisposeAsync();
        }
    }
}
