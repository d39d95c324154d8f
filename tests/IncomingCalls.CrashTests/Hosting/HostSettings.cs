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
    public required long Polled { get; init; }

    /// <summary>The instance that posts to the webhook.</summary>
    public required long Posting { get; init; }

    /// <summary>The secret of both instances, and the token of the webhook.</summary>
    public required string Token { get; init; }

    /// <summary>The number of this process among those that work on the folder.</summary>
    public required int Life { get; init; }

    /// <summary>When to die; null for never.</summary>
    public DeathWish? DieAt { get; init; }

    /// <summary>How long to wait for another engine's lock.</summary>
    public TimeSpan LockWait { get; init; }

    public string InboxPath => InboxIn(Folder);

    public static string InboxIn(string folder) => Path.Combine(folder, InboxName);

    public static HostSettings Parse(IReadOnlyList<string> arguments)
    {
        var values = arguments.Select(argument => argument.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        return new()
        {
            Folder = values["folder"],
            ApiUrl = new(values["api-url"]),
            Polled = long.Parse(values["polled"], CultureInfo.InvariantCulture),
            Posting = long.Parse(values["posting"], CultureInfo.InvariantCulture),
            Token = values["token"],
            Life = int.Parse(values["life"], CultureInfo.InvariantCulture),
            DieAt = values.GetValueOrDefault("die-at") is { } wish ? DeathWish.Parse(wish) : null,
            LockWait = TimeSpan.FromSeconds(double.Parse(values["lock-wait"], CultureInfo.InvariantCulture)),
        };
    }

    public IEnumerable<string> ToArguments()
    {
        string[] arguments =
        [
            $"folder={Folder}",
            $"api-url={ApiUrl}",
            string.Create(CultureInfo.InvariantCulture, $"polled={Polled}"),
            string.Create(CultureInfo.InvariantCulture, $"posting={Posting}"),
            $"token={Token}",
            string.Create(CultureInfo.InvariantCulture, $"life={Life}"),
            string.Create(CultureInfo.InvariantCulture, $"lock-wait={LockWait.TotalSeconds}"),
        ];
        return DieAt is null ? arguments : [.. arguments, $"die-at={DieAt}"];
    }
}
