namespace IncomingCalls.CrashTests;

/// <summary>Starts one host after the other on the same folder, and writes down how each ended.</summary>
internal sealed class HostRuns(Gateway gateway, string folder)
{
    /// <summary>Errors that the traffic brings about: quarantine, refusals and their dead letters.</summary>
    private static readonly string[] ExpectedErrors = ["Error 1002 ", "Error 1011 ", "Error 1049 "];

    private readonly List<HostRun> _ended = [];
    private readonly List<Finding> _findings = [];
    private int _startedCount;

    public IReadOnlyList<HostRun> Ended => _ended;

    /// <summary>What was wrong with the hosts themselves.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    /// <param name="dieAt">When it is to kill itself; null for never.</param>
    /// <param name="lockWait">How long it waits for another engine.</param>
    /// <param name="wrapper">A command that runs it; null for none.</param>
    public HostProcess Start(CrashPoint? dieAt, TimeSpan lockWait = default, IReadOnlyList<string>? wrapper = null)
    {
        var settings = new HostSettings
        {
            Folder = folder,
            ApiUrl = gateway.ApiUrl,
            PolledInstance = gateway.PolledInstance.IdInstance,
            WebhookInstance = gateway.WebhookInstance.IdInstance,
            Token = gateway.Token,
            RunNumber = ++_startedCount,
            CrashPoint = dieAt,
            LockTimeout = lockWait,
        };
        var host = HostProcess.Start(settings, wrapper);
        _ = UpdateWebhookHostAsync(host);
        return host;
    }

    /// <summary>Writes down that a host has ended.</summary>
    /// <param name="host">The host.</param>
    /// <param name="reason">What ended it.</param>
    /// <param name="mayEndByItself">Whether it was asked to.</param>
    public void RecordEnd(HostProcess host, string reason, bool mayEndByItself)
    {
        var life = $"life {host.RunNumber} ({reason})";
        if (!host.IsKilled && !(mayEndByItself && host.ExitCode == 0))
        {
            _findings.Add(new(FindingKind.HostFailure, $"{life} ended by itself with exit code {host.ExitCode}: {string.Join(" | ", host.Log)}"));
        }

        _findings.AddRange(host.Log
            .Where(line => line.StartsWith("Error ", StringComparison.Ordinal) || line.StartsWith("Critical ", StringComparison.Ordinal))
            .Where(line => !ExpectedErrors.Any(expected => line.StartsWith(expected, StringComparison.Ordinal)))
            .Select(line => new Finding(FindingKind.HostFailure, $"{life} logged: {line}")));
        _ended.Add(new() { Number = host.RunNumber, EndReason = reason, IsKilled = host.IsKilled, PendingDeliveries = ReadPendingDeliveries(life) });
    }

    private IReadOnlySet<PendingDelivery> ReadPendingDeliveries(string life)
    {
        try
        {
            return InboxFileReader.ReadPendingDeliveries(HostSettings.InboxPathIn(folder));
        }
        catch (InvalidDataException e)
        {
            _findings.Add(new(FindingKind.HostFailure, $"{life} left a damaged file: {e.Message}"));
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
