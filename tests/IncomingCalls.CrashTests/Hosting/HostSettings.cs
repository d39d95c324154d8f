using System.Globalization;

namespace IncomingCalls.CrashTests;

/// <summary>The settings on the command line of a host.</summary>
internal sealed record HostSettings
{
    // A separate folder, which the inbox creates and which tests can make read-only.
    private static readonly string InboxName = Path.Combine("inbox", "calls.db");

    /// <summary>The folder that contains the effects files and the folder of the inbox.</summary>
    public required string Folder { get; init; }

    /// <summary>The address of the API of the gateway.</summary>
    public required Uri ApiUrl { get; init; }

    /// <summary>The instance that is polled.</summary>
    public required long PolledInstance { get; init; }

    /// <summary>The instance that posts to the webhook.</summary>
    public required long WebhookInstance { get; init; }

    /// <summary>The secret of both instances, and the token of the webhook.</summary>
    public required string Token { get; init; }

    /// <summary>The number of this run among those that work on the folder.</summary>
    public required int RunNumber { get; init; }

    /// <summary>The point at which the host kills itself; null for never.</summary>
    public CrashPoint? CrashPoint { get; init; }

    /// <summary>How long to wait for the lock of another process.</summary>
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
            WebhookInstance = long.Parse(values["webhook"], CultureInfo.InvariantCulture),
            Token = values["token"],
            RunNumber = int.Parse(values["run"], CultureInfo.InvariantCulture),
            CrashPoint = values.GetValueOrDefault("crash-point") is { } crashPoint ? CrashPoint.Parse(crashPoint) : null,
            LockTimeout = TimeSpan.FromSeconds(double.Parse(values["lock-timeout"], CultureInfo.InvariantCulture)),
        };
    }

    public IEnumerable<string> ToArguments()
    {
        string[] arguments =
        [
            $"folder={Folder}",
            $"api-url={ApiUrl}",
            string.Create(CultureInfo.InvariantCulture, $"polled={PolledInstance}"),
            string.Create(CultureInfo.InvariantCulture, $"webhook={WebhookInstance}"),
            $"token={Token}",
            string.Create(CultureInfo.InvariantCulture, $"run={RunNumber}"),
            string.Create(CultureInfo.InvariantCulture, $"lock-timeout={LockTimeout.TotalSeconds}"),
        ];
        return CrashPoint is null ? arguments : [.. arguments, $"crash-point={CrashPoint}"];
    }
}
