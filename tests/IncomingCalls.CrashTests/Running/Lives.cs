namespace IncomingCalls.CrashTests;

/// <summary>Starts one host after the other on the same folder, and writes down how each ended.</summary>
internal sealed class Lives(Gateway gateway, string folder)
{
    /// <summary>Errors that the traffic brings about: quarantine, refusals and their dead letters.</summary>
    private static readonly string[] ExpectedErrors = ["Error 1002 ", "Error 1011 ", "Error 1049 "];

    private readonly List<Life> _ended = [];
    private readonly List<Finding> _findings = [];
    private int _started;

    public IReadOnlyList<Life> Ended => _ended;

    /// <summary>What was wrong with the hosts themselves.</summary>
    public IReadOnlyList<Finding> Findings => _findings;

    /// <param name="dieAt">When it is to kill itself; null for never.</param>
    /// <param name="lockWait">How long it waits for another engine.</param>
    /// <param name="wrapper">A command that runs it; null for none.</param>
    public HostProcess Start(DeathWish? dieAt, TimeSpan lockWait = default, IReadOnlyList<string>? wrapper = null)
    {
        var settings = new HostSettings
        {
            Folder = folder,
            ApiUrl = gateway.ApiUrl,
            Polled = gateway.Polled.IdInstance,
            Posting = gateway.Posting.IdInstance,
            Token = gateway.Token,
            Life = ++_started,
            DieAt = dieAt,
            LockWait = lockWait,
        };
        var host = HostProcess.Start(settings, wrapper);
        _ = TellAddressAsync(host);
        return host;
    }

    /// <summary>Writes down that a host has ended.</summary>
    /// <param name="host">The host.</param>
    /// <param name="reason">What ended it.</param>
    /// <param name="mayEndByItself">Whether it was asked to.</param>
    public void Note(HostProcess host, string reason, bool mayEndByItself)
    {
        var life = $"life {host.Life} ({reason})";
        if (!host.IsKilled && !(mayEndByItself && host.ExitCode == 0))
        {
            _findings.Add(new(FindingKind.Broken, $"{life} ended by itself with exit code {host.ExitCode}: {string.Join(" | ", host.Log)}"));
        }

        _findings.AddRange(host.Log
            .Where(line => line.StartsWith("Error ", StringComparison.Ordinal) || line.StartsWith("Critical ", StringComparison.Ordinal))
            .Where(line => !ExpectedErrors.Any(expected => line.StartsWith(expected, StringComparison.Ordinal)))
            .Select(line => new Finding(FindingKind.Broken, $"{life} logged: {line}")));
        _ended.Add(new() { Number = host.Life, End = reason, IsKilled = host.IsKilled, Owed = ReadOwed(life) });
    }

    private IReadOnlySet<OwedRun> ReadOwed(string life)
    {
        try
        {
            return InboxExaminer.ReadOwed(HostSettings.InboxIn(folder));
        }
        catch (InvalidDataException e)
        {
            _findings.Add(new(FindingKind.Broken, $"{life} left a damaged file: {e.Message}"));
            return new HashSet<OwedRun>();
        }
    }

    private async Task TellAddressAsync(HostProcess host)
    {
        if (await host.Address is { } address)
        {
            gateway.PostTo(address);
        }
    }
}
