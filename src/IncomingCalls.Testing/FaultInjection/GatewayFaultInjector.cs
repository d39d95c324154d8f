using System.Collections.Concurrent;

namespace IncomingCalls.Testing.FaultInjection;

/// <summary>What goes wrong at one instance because of its <see cref="GatewayQuirks"/>.</summary>
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

    /// <summary>How late answers and posts are.</summary>
    public TimeSpan Delay => Quirks.HasFlag(GatewayQuirks.Slow) ? options.SlowBy : TimeSpan.Zero;

    /// <summary>What happens to the next request of a method.</summary>
    public Fault NextFault(string method)
    {
        var late = new Fault { Delay = Delay };
        if (!Quirks.HasFlag(GatewayQuirks.Errors))
        {
            return late;
        }

        var request = _requestCounts.AddOrUpdate(method, 1, (_, count) => count + 1);
        return request % ErrorPeriod != 0 ? late : Errors[((request / ErrorPeriod) - 1) % Errors.Length] with { Delay = late.Delay };
    }

    /// <summary>Whether the head that is about to be handed out is concealed this time: the first time, and then every other.</summary>
    public bool NextPollIsEmpty() => Quirks.HasFlag(GatewayQuirks.EmptyPolls) && Interlocked.Increment(ref _pollCount) % EmptyPollPeriod == 1;

    /// <summary>Whether the webhook's answer to this post is lost on its way.</summary>
    public bool NextPostLosesAnswer() => Quirks.HasFlag(GatewayQuirks.Errors) && Interlocked.Increment(ref _postCount) % ErrorPeriod == 0;
}

/// <summary>What is wrong with the answer to one request.</summary>
internal sealed record Fault
{
    /// <summary>How late the request is looked at.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>The status to answer with instead of carrying the request out; null to carry it out.</summary>
    public int? StatusCode { get; init; }

    /// <summary>What is answered with that status.</summary>
    public string Body { get; init; } = "";

    /// <summary>Whether the request is carried out and the connection broken.</summary>
    public bool LosesAnswer { get; init; }
}
