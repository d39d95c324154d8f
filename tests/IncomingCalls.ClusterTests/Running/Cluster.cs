using System.Net.Http.Json;
using System.Text.RegularExpressions;
using IncomingCalls.CrashTests;
using IncomingCalls.Processes;

namespace IncomingCalls.ClusterTests;

/// <summary>The running silos, one on each node, and the runs of those that have ended.</summary>
internal sealed partial class Cluster(Gateway gateway, string folder, int redisPort, TimeProvider time) : IAsyncDisposable
{
    /// <summary>
    /// Errors that traffic and faults cause: quarantine, rejections and their dead letters, a post or a poll that could not be stored, an unavailable
    /// storage.
    /// </summary>
    private static readonly string[] ExpectedErrors = ["1002", "1011", "1049", "2010", "3016", "6000"];

    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    private readonly string _name = $"cluster-{Guid.NewGuid():N}";
    private readonly Dictionary<int, Silo> _silos = [];
    private readonly Dictionary<int, int> _ports = [];
    private readonly List<SiloRun> _ended = [];
    private readonly List<Finding> _findings = [];
    private readonly HttpClient _client = new();
    private ClusterStorageReader? _stored;
    private volatile Uri[] _addresses = [];
    private int _startedCount;

    public IReadOnlyList<SiloRun> Ended => _ended;

    /// <summary>Faults of the silos themselves.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    public IReadOnlyList<Silo> Silos => [.. _silos.Values];

    /// <summary>The last known addresses of the silos. Safe to use from any thread.</summary>
    public IReadOnlyList<Uri> Addresses => _addresses;

    /// <summary>Starts a silo.</summary>
    /// <param name="node">The number of the node.</param>
    /// <param name="isSamePort">Whether it uses the port of its predecessor, which tells the other silos at once that the predecessor has exited.</param>
    public Silo Start(int node, bool isSamePort)
    {
        var port = _ports[node] = isSamePort && _ports.TryGetValue(node, out var before) ? before : RedisProcess.FreePort();
        var settings = new SiloSettings
        {
            Folder = folder,
            ApiUrl = gateway.ApiUrl,
            Polled = [.. gateway.PolledInstances.Select(instance => instance.IdInstance)],
            Posting = [.. gateway.WebhookInstances.Select(instance => instance.IdInstance)],
            Token = gateway.Token,
            Process = ++_startedCount,
            Cluster = _name,
            RedisPort = redisPort,
            SiloPort = port,
        };
        var process = HostProcess.Start(settings.Process, [.. HostCommand.Find("IncomingCalls.ClusterTests"), .. settings.ToArguments()]);
        var silo = _silos[node] = new(node, process, _stored ??= new(_name, redisPort));
        _ = RecordAddressAsync(silo);
        return silo;
    }

    /// <summary>Waits until every silo listens. A silo that exits meanwhile is restarted.</summary>
    /// <exception cref="TimeoutException">A silo neither listens nor exits.</exception>
    public async Task WaitUntilListeningAsync()
    {
        while (Silos.FirstOrDefault(silo => silo.Address is null || silo.Process.HasExited) is { } silo)
        {
            await silo.Process.Address.WaitAsync(StartTimeout, time);
            await RestartEndedAsync();
        }
    }

    /// <summary>Chooses a silo to inject a fault into. Waits until there is one.</summary>
    public async Task<Silo> ChooseAsync(Random chance)
    {
        using var timer = new PeriodicTimer(PollInterval, time);
        while (true)
        {
            await RestartEndedAsync();
            Silo[] settled = [.. Silos.Where(silo => silo.IsSettled)];
            if (settled.Length > 0)
            {
                return settled[chance.Next(settled.Length)];
            }

            await timer.WaitForNextTickAsync();
        }
    }

    /// <summary>Restarts silos that have exited unexpectedly.</summary>
    public async Task RestartEndedAsync()
    {
        foreach (var silo in Silos.Where(silo => silo.Process.HasExited))
        {
            RecordEnded(silo, await silo.WaitForEndAsync());
            Start(silo.Node, isSamePort: true);
        }
    }

    /// <summary>Records that a silo has exited.</summary>
    public void RecordEnded(Silo silo, SiloRun run)
    {
        var log = silo.Process.Log;
        File.WriteAllLines(Path.Combine(folder, $"{run.Process:D6}.log"), log);
        if (run.EndKind == SiloEnd.Broken)
        {
            _findings.Add(new(FindingKind.HostFailure, $"{run} exited unexpectedly with exit code {silo.Process.ExitCode}: {string.Join(" | ", log.TakeLast(5))}"));
        }

        _findings.AddRange(log
            .Where(line => ProductError().Match(line) is { Success: true } error && !ExpectedErrors.Contains(error.Groups["id"].Value))
            .Select(line => new Finding(FindingKind.HostFailure, $"{run} logged: {line}")));
        _ended.Add(run);
    }

    /// <summary>Waits until everything is handled or the limit has passed; in the latter case the checker reports what is missing.</summary>
    /// <returns>A task whose result is the last report on the inbox; null when no silo can report.</returns>
    public async Task<SiloReport?> WaitUntilCompleteAsync(TimeSpan limit)
    {
        SiloReport? report = null;
        var started = time.GetTimestamp();
        using var timer = new PeriodicTimer(PollInterval, time);
        while (time.GetElapsedTime(started) < limit)
        {
            await RestartEndedAsync();
            await WaitUntilListeningAsync();
            if (gateway.WaitingCount == 0 && EvidenceChecker.IsComplete(gateway.GetSent(), EffectsFile.ReadAll(folder)) && (report = await ReportAsync()) is { Depth: 0 })
            {
                break;
            }

            await timer.WaitForNextTickAsync();
        }

        return report ?? await ReportAsync();
    }

    /// <summary>Writes the content of the storage to a file, for the analysis of a finding.</summary>
    public async Task WriteStoredAsync() => await File.WriteAllLinesAsync(Path.Combine(folder, "stored"), await _stored!.ReadAllStatesAsync());

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in Silos)
        {
            await silo.Process.DisposeAsync();
        }

        _client.Dispose();
        if (_stored is not null)
        {
            await _stored.DisposeAsync();
        }
    }

    [GeneratedRegex("^(Error|Critical) (?<id>[1-6][0-9]{3}) ")]
    private static partial Regex ProductError();

    /// <summary>Gets the report of the first silo that answers, since each of them may exit at any time.</summary>
    private async Task<SiloReport?> ReportAsync()
    {
        foreach (var address in Silos.Select(silo => silo.Address).OfType<Uri>())
        {
            try
            {
                return await _client.GetFromJsonAsync(new Uri(address, SiloHost.ReportPath), SiloReportContext.Default.SiloReport);
            }
            catch (HttpRequestException)
            {
                // The next silo answers, or the next attempt succeeds.
            }
        }

        return null;
    }

    private async Task RecordAddressAsync(Silo silo)
    {
        await silo.Process.Address;
        _addresses = [.. Silos.Select(other => other.Address).OfType<Uri>()];
    }
}
