using System.Collections.Concurrent;

namespace IncomingCalls.Testing.FaultInjection;

/// <summary>Injects the faults that the <see cref="GatewayQuirks"/> of one instance select.</summary>
internal sealed class GatewayFaultInjector(GreenApiSimulatorOptions options)
{
    private const int ErrorPeriod = 3;
    private const int EmptyPollPeriod = 2;

    private static readonly Fault[] Errors =
    [
        new() { StatusCode = 502, Body = "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>" },
        new() { StatusCode = 429, Body = "Too many requests" },
        new() { LosesAnswer = true },
        new() { StatusCode = 500, Body = "Internal Server Error" },
    ];

    private readonly ConcurrentDictionary<string, int> _requestCounts = new();
    private int _pollCount;
    private int _postCount;

    public GatewayQuirks Quirks { get; set; }

    /// <summary>Gets the delay of every response and of every request to the webhook.</summary>
    public TimeSpan Delay => Quirks.HasFlag(GatewayQuirks.Slow) ? options.SlowBy : TimeSpan.Zero;

    /// <summary>Determines the fault of the next request of a method.</summary>
    public Fault NextFault(string method)
    {
        var delayOnly = new Fault { Delay = Delay };
        if (!Quirks.HasFlag(GatewayQuirks.Errors))
        {
            return delayOnly;
        }

        var request = _requestCounts.AddOrUpdate(method, 1, (_, count) => count + 1);
        return request % ErrorPeriod != 0 ? delayOnly : Errors[((request / ErrorPeriod) - 1) % Errors.Length] with { Delay = delayOnly.Delay };
    }

    /// <summary>Determines whether the next poll that has a notification is answered as if the queue were empty: the first one and then every second one.</summary>
    public bool NextPollIsEmpty() => Quirks.HasFlag(GatewayQuirks.EmptyPolls) && Interlocked.Increment(ref _pollCount) % EmptyPollPeriod == 1;

    /// <summary>Determines whether the response of the webhook to the next request is lost.</summary>
    public bool NextPostLosesAnswer() => Quirks.HasFlag(GatewayQuirks.Errors) && Interlocked.Increment(ref _postCount) % ErrorPeriod == 0;
}

/// <summary>The fault of one request.</summary>
internal sealed record Fault
{
    /// <summary>How long the request waits before it is processed.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The status code to answer with instead of executing the request; null to execute it.</summary>
    public int? StatusCode { get; init; }

    /// <summary>The response body that belongs to <see cref="StatusCode"/>.</summary>
    public string Body { get; init; } = "";

    /// <summary>Whether the request is executed and the connection is closed without a response.</summary>
    public bool LosesAnswer { get; init; }
}
