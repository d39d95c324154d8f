namespace IncomingCalls.CrashTests;

/// <summary>Starts one host after the other on the same folder, and records how each run ended.</summary>
internal sealed class HostRuns(Gateway gateway, string folder)
{
    /// <summary>Errors that the traffic causes: quarantine, rejections and their dead letters.</summary>
    private static readonly string[] ExpectedErrors = ["Error 1002 ", "Error 1011 ", "Error 1049 "];

    private readonly List<HostRun> _ended = [];
    private readonly List<Finding> _findings = [];
    private int _startedCount;

    public IReadOnlyList<HostRun> Ended => _ended;

    /// <summary>Faults of the hosts themselves.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    /// <param name="crashPoint">The point at which the host kills itself; null for none.</param>
    /// <param name="lockTimeout">How long the host waits for a file that another process uses.</param>
    /// <param name="wrapper">A command that runs the host; null for none.</param>
    public HostProcess Start(CrashPoint? crashPoint, TimeSpan lockTimeout = default, IReadOnlyList<string>? wrapper = null)
    {
        var settings = new HostSettings
        {
            Folder = folder,
            ApiUrl = gateway.ApiUrl,
            PolledInstance = gateway.PolledInstance.IdInstance,
            WebhookInstance = gateway.WebhookInstance.IdInstance,
            Token = gateway.Token,
            RunNumber = ++_startedCount,
            CrashPoint = crashPoint,
            LockTimeout = lockTimeout,
        };
        var host = HostProcess.Start(settings, wrapper);
        _ = UpdateWebhookHostAsync(host);
        return host;
    }

    /// <summary>Records that a host has exited.</summary>
    /// <param name="host">The host.</param>
    /// <param name="reason">What ended the run.</param>
    /// <param name="mayExit">Whether the host may exit with code 0, since it was asked to stop.</param>
    public void RecordEnd(HostProcess host, string reason, bool mayExit)
    {
        var run = $"run {host.RunNumber} ({reason})";
        if (!host.IsKilled && !(mayExit && host.ExitCode == 0))
        {
            _findings.Add(new(FindingKind.HostFailure, $"{run} exited unexpectedly with exit code {host.ExitCode}: {string.Join(" | ", host.Log)}"));
        }

        _findings.AddRange(host.Log
            .Where(line => line.StartsWith("Error ", StringComparison.Ordinal) || line.StartsWith("Critical ", StringComparison.Ordinal))
            .Where(line => !ExpectedErrors.Any(expected => line.StartsWith(expected, StringComparison.Ordinal)))
            .Select(line => new Finding(FindingKind.HostFailure, $"{run} logged: {line}")));
        _ended.Add(new() { Number = host.RunNumber, EndReason = reason, IsKilled = host.IsKilled, PendingDeliveries = ReadPendingDeliveries(run) });
    }

    private IReadOnlySet<PendingDelivery> ReadPendingDeliveries(string run)
    {
        try
        {
            return InboxFileReader.ReadPendingDeliveries(HostSettings.InboxPathIn(folder));
        }
        catch (InvalidDataException e)
        {
            _findings.Add(new(FindingKind.HostFailure, $"{run} left a damaged file: {e.Message}"));
            return new HashSet<PendingDelivery>();
        }
    }

    private async Task UpdateWebhookHostAsync(HostProcess host)
    {
        if (await host.Address is { } address)
        {
            gateway.SetWebhookHost(address);
        }
    }
}
