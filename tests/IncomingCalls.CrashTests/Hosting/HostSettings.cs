using System.Globalization;

namespace IncomingCalls.CrashTests;

/// <summary>What a host is told on its command line.</summary>
internal sealed record HostSettings
{
    // In a folder of its own, which the inbox makes, and which can be made read-only.
    private static readonly string InboxName = Path.Combine("inbox", "calls.db");

    /// <summary>Where the effects files are, and the folder of the inbox.</summary>
    public required string Folder { get; init; }

    /// <summary>The address of the gateway's API.</summary>
    public required Uri ApiUrl { get; init; }

    /// <summary>The instance that is polled.</summary>
    public required long PolledInstance { get; init; }

    /// <summary>The instance that posts to the webhook.</summary>
    public required long WebhookInstance { get; init; }

    /// <summary>The secret of both instances, and the token of the webhook.</summary>
    public required string Token { get; init; }

    /// <summary>The number of this process among those that work on the folder.</summary>
    public required int RunNumber { get; init; }

    /// <summary>When to die; null for never.</summary>
    public CrashPoint? CrashPoint { get; init; }

    /// <summary>How long to wait for another engine's lock.</summary>
    public TimeSpan LockTimeout { get; init; }

    public string InboxPath => InboxPathIn(Folder);

    public static string InboxPathIn(string folder) => Path.Combine(folder, InboxName);

    public static HostSettings Parse(IReadOnlyList<string> arguments)
    {
        var values = arguments.Select(argument => argument.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        return new()
        {
            Folder = values["folder"],
            ApiUrl = new(values["api-url"]),
            PolledInstance = long.Parse(values["polled"], CultureInfo.InvariantCulture),
            WebhookInstance = long.Parse(values["posting"], CultureInfo.InvariantCulture),
            Token = values["token"],
            RunNumber = int.Parse(values["life"], CultureInfo.InvariantCulture),
            CrashPoint = values.GetValueOrDefault("die-at") is { } wish ? CrashPoint.Parse(wish) : null,
            LockTimeout = TimeSpan.FromSeconds(double.Parse(values["lock-wait"], CultureInfo.InvariantCulture)),
        };
    }

    public IEnumerable<string> ToArguments()
    {
        string[] arguments =
        [
            $"folder={Folder}",
            $"api-url={ApiUrl}",
            string.Create(CultureInfo.InvariantCulture, $"polled={PolledInstance}"),
            string.Create(CultureInfo.InvariantCulture, $"posting={WebhookInstance}"),
            $"token={Token}",
            string.Create(CultureInfo.InvariantCulture, $"life={RunNumber}"),
            string.Create(CultureInfo.InvariantCulture, $"lock-wait={LockTimeout.TotalSeconds}"),
        ];
        return CrashPoint is null ? arguments : [.. arguments, $"die-at={CrashPoint}"];
    }
}
