using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests;

/// <summary>The running processes of a cluster, one on each node, and the findings of those that have ended.</summary>
/// <typeparam name="TProcess">The processes.</typeparam>
/// <param name="gateway">The gateway that sends to the cluster.</param>
/// <param name="folder">The folder of the logs and effects.</param>
/// <param name="expectedErrors">The ids of errors that traffic and faults cause.</param>
/// <param name="time">The clock.</param>
internal abstract partial class ProcessCluster<TProcess>(Gateway gateway, string folder, IReadOnlyList<string> expectedErrors, TimeProvider time) : IAsyncDisposable
    where TProcess : ClusterProcess
{
    /// <summary>Errors that the traffic causes in every cluster: quarantine, rejections and their dead letters, a post or a poll that could not be stored.</summary>
    private static readonly string[] ErrorsOfTraffic = ["1002", "1011", "1049", "2010", "3016"];

    private static readonly TimeSpan StartTimeout = TimeSpan.FromMinutes(2);

    private readonly ConcurrentDictionary<int, TProcess> _running = [];
    private readonly ConcurrentQueue<Finding> _findings = [];
    private readonly HttpClient _client = new();
    private volatile Uri[] _addresses = [];
    private int _startedCount;

    /// <summary>How often a state is read that is waited for.</summary>
    protected static TimeSpan PollInterval { get; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Faults of the processes themselves.</summary>
    public IReadOnlyList<Finding> Findings => [.. _findings];

    public IReadOnlyList<TProcess> Running => [.. _running.Values];

    /// <summary>The last known addresses of the processes. Safe to use from any thread.</summary>
    public IReadOnlyList<Uri> Addresses => _addresses;

    protected string Folder => folder;

    protected TimeProvider Time => time;

    /// <summary>Restarts processes that have exited unexpectedly.</summary>
    public abstract Task RestartEndedAsync();

    /// <summary>Waits until every process listens. A process that exits meanwhile is restarted.</summary>
    /// <exception cref="TimeoutException">A process neither listens nor exits.</exception>
    public async Task WaitUntilListeningAsync()
    {
        while (Running.FirstOrDefault(process => process.Address is null || process.Process.HasExited) is { } process)
        {
            await process.Process.Address.WaitAsync(StartTimeout, time);
            await RestartEndedAsync();
        }
    }

    /// <summary>Waits until everything is handled or the limit has passed. The latter is a finding: duplicates that are sent afterwards may replace what was lost.</summary>
    /// <returns>A task whose result is the last report on the inbox; null when no process can report.</returns>
    public async Task<InboxReport?> WaitUntilCompleteAsync(TimeSpan limit)
    {
        InboxReport? report = null;
        var started = time.GetTimestamp();
        using var timer = new PeriodicTimer(PollInterval, time);
        while (time.GetElapsedTime(started) < limit)
        {
            await RestartEndedAsync();
            await WaitUntilListeningAsync();
            if (gateway.WaitingCount == 0 && EvidenceChecker.IsComplete(gateway.GetSent(), EffectsFile.ReadAll(folder)) && (report = await ReportAsync()) is { Depth: 0 })
            {
                return report;
            }

            await timer.WaitForNextTickAsync();
        }

        report ??= await ReportAsync();
        _findings.Enqueue(new(FindingKind.Lost, $"not everything was handled {limit.TotalSeconds:F0} s after the last fault: {gateway.WaitingCount} notifications wait at the gateway, and {report?.Depth} deliveries in the inbox"));
        return report;
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var process in Running)
        {
            await process.Process.DisposeAsync();
        }

        _client.Dispose();
    }

    /// <summary>Creates the settings of the next process.</summary>
    /// <param name="apiUrl">The address of the API of the gateway, for the process.</param>
    protected ProcessSettings CreateSettings(Uri apiUrl) => new()
    {
        Folder = folder,
        ApiUrl = apiUrl,
        Polled = [.. gateway.PolledInstances.Select(instance => instance.IdInstance)],
        Posting = [.. gateway.WebhookInstances.Select(instance => instance.IdInstance)],
        Token = gateway.Token,
        Process = Interlocked.Increment(ref _startedCount),
    };

    /// <summary>Adds a process that was started, in place of the earlier one of its node.</summary>
    protected void Add(TProcess process)
    {
        _running[process.Node] = process;
        _ = RecordAddressAsync(process);
    }

    /// <summary>Records that a process has exited: its log, and the unexpected errors in it.</summary>
    protected void RecordEnded(HostProcess process, ProcessRun run, bool isExpected)
    {
        var log = process.Log;
        File.WriteAllLines(Path.Combine(folder, $"{run.Process:D6}.log"), log);
        if (!isExpected)
        {
            _findings.Enqueue(new(FindingKind.HostFailure, $"{run} exited unexpectedly with exit code {process.ExitCode}: {string.Join(" | ", log.TakeLast(5))}"));
        }

        foreach (var line in log.Where(line => ProductError().Match(line) is { Success: true } error && !ErrorsOfTraffic.Concat(expectedErrors).Contains(error.Groups["id"].Value)))
        {
            _findings.Enqueue(new(FindingKind.HostFailure, $"{run} logged: {line}"));
        }
    }

    [GeneratedRegex("^(Error|Critical) (?<id>[1-6][0-9]{3}) ")]
    private static partial Regex ProductError();

    /// <summary>Gets the report of the first process that answers, since each of them may exit at any time.</summary>
    private async Task<InboxReport?> ReportAsync()
    {
        foreach (var address in Running.Select(process => process.Address).OfType<Uri>())
        {
            try
            {
                return await _client.GetFromJsonAsync(new Uri(address, InboxReport.Path), InboxReportContext.Default.InboxReport);
            }
            catch (HttpRequestException)
            {
                // The next process answers, or the next attempt succeeds.
            }
        }

        return null;
    }

    private async Task RecordAddressAsync(TProcess process)
    {
        await process.Process.Address;
        _addresses = [.. Running.Select(other => other.Address).OfType<Uri>()];
    }
}
