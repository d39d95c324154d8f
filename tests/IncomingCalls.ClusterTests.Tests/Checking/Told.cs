using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests.Tests.Checking;

/// <summary>Silos and what they did, made up. Timestamps are small numbers.</summary>
internal static class Told
{
    public const long Instance = 1101000001;

    public static readonly CallKey Call = new(Instance, "A");

    public static SiloLife Killed(int process, long at, params OwedRun[] owed) =>
        new() { Process = process, Node = process, End = SiloEnd.Killed, Gone = new(at, owed.ToHashSet()) };

    public static SiloLife Terminated(int process) =>
        new() { Process = process, Node = process, End = SiloEnd.Terminated, Gone = new(1000, new HashSet<OwedRun>()) };

    /// <summary>Paused at 10, gone at 100.</summary>
    public static SiloLife Evicted(int process, params OwedRun[] owedAtPause) => new()
    {
        Process = process,
        Node = process,
        End = SiloEnd.Evicted,
        Pauses = [new(10, owedAtPause.ToHashSet())],
        Gone = new(100, new HashSet<OwedRun>()),
    };

    public static Effect Offered(int process, long at) => new()
    {
        Life = process,
        At = at,
        EventId = "A/Offered",
        Call = Call,
        Kind = CallEventKind.Offered,
        Status = "offer",
        Handler = HandlerNames.Ledger,
        Attempt = 1,
        Version = 1,
        Outcome = CallOutcome.None,
        End = RunEnd.Done,
    };

    public static ApiRequest Request(int process, long from, long to) =>
        new() { Port = 1, IdInstance = Instance, Process = process, IsDeletion = false, From = from, To = to };
}
