namespace IncomingCalls.CrashTests;

/// <summary>Starts one host after the other on the same folder, and records how each run ended.</summary>
internal sealed class HostRuns(Gateway gateway, string folder)
{
    /// <summary>
    /// Errors that the traffic causes: quarantine, rejections and their dead letters. The last one is that of the .NET host when it is asked to
    /// stop while it starts.
    /// </summary>
    private static readonly string[] ExpectedErrors = ["Error 1002 ", "Error 1011 ", "Error 1049 ", "Error 11 Hosting failed to start TaskCanceledException"];

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
    /// <param name="end">How the host must end.</param>
    public void RecordEnd(HostProcess host, string reason, ExpectedEnd end)
    {
        var run = $"run {host.RunNumber} ({reason})";
        var isExpected = end switch
        {
            ExpectedEnd.Killed => host.IsKilled,
            ExpectedEnd.Stopped => host.ExitCode == 0,
            _ => host.IsKilled || host.ExitCode == 0,
        };
        if (!isExpected)
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

/// <summary>How a host must end.</summary>
internal enum ExpectedEnd
{
    /// <summary>With SIGKILL.</summary>
    Killed = 0,

    /// <summary>With exit code 0, since it was asked to stop.</summary>
    Stopped,

    /// <summary>Either way, since it was asked to stop and killed soon after.</summary>
    KilledOrStopped,
}
