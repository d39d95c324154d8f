using System.Globalization;

namespace IncomingCalls.ClusterTests;

/// <summary>The settings that processes of every kind of cluster have on their command line.</summary>
internal sealed record ProcessSettings
{
    /// <summary>The folder of the effects files.</summary>
    public required string Folder { get; init; }

    /// <summary>The address of the API of the gateway.</summary>
    public required Uri ApiUrl { get; init; }

    /// <summary>The instances that are polled.</summary>
    public required IReadOnlyList<long> Polled { get; init; }

    /// <summary>The instances that post to the webhook.</summary>
    public required IReadOnlyList<long> Posting { get; init; }

    /// <summary>The secret of all instances, and the token of the webhook.</summary>
    public required string Token { get; init; }

    /// <summary>The number of this process among all processes of the cluster.</summary>
    public required int Process { get; init; }

    /// <summary>Splits a command line into names and values.</summary>
    public static IReadOnlyDictionary<string, string> Split(IEnumerable<string> arguments) =>
        arguments.Select(argument => argument.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    public static ProcessSettings Parse(IReadOnlyDictionary<string, string> values) => new()
    {
        Folder = values["folder"],
        ApiUrl = new(values["api-url"]),
        Polled = ParseNumbers(values["polled"]),
        Posting = ParseNumbers(values["posting"]),
        Token = values["token"],
        Process = int.Parse(values["process"], CultureInfo.InvariantCulture),
    };

    public IEnumerable<string> ToArguments() =>
    [
        $"folder={Folder}",
        $"api-url={ApiUrl}",
        $"polled={string.Join(',', Polled)}",
        $"posting={string.Join(',', Posting)}",
        $"token={Token}",
        $"process={Process}",
    ];

    /// <summary>Configures the instances.</summary>
    public void Configure(GreenApiOptions options)
    {
        // The gateway ignores the prefix, which identifies the process.
        var apiUrl = new Uri(ApiUrl, PollRequestObserver.PrefixOf(Process)).OriginalString;
        GreenApiInstanceOptions Instance(long id, ReceiveMode receive) =>
            new() { IdInstance = id, ApiTokenInstance = Token, ApiUrl = apiUrl, Receive = receive };

        options.Instances =
        [
            .. Polled.Select(id => Instance(id, ReceiveMode.Polling)),
            .. Posting.Select(id => Instance(id, ReceiveMode.Webhook)),
        ];
        options.InitialRetryDelay = TimeSpan.FromMilliseconds(100);
        options.MaxRetryDelay = TimeSpan.FromSeconds(1);
        options.CallerNames = false;
    }

    private static long[] ParseNumbers(string text) => [.. text.Split(',').Select(number => long.Parse(number, CultureInfo.InvariantCulture))];
}
