using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests.Tests.Checking;

/// <summary>Silos and what they did, made up. Timestamps are small numbers.</summary>
internal static class ClusterSamples
{
    public const long Instance = 1101000001;

    public static readonly CallKey Call = new(Instance, "A");

    public static SiloRun Killed(int process, long at, params PendingDelivery[] owed) =>
        new() { Process = process, Node = process, EndKind = SiloEnd.Killed, Ended = new(at, owed.ToHashSet()) };

    public static SiloRun Terminated(int process) =>
        new() { Process = process, Node = process, EndKind = SiloEnd.Terminated, Ended = new(1000, new HashSet<PendingDelivery>()) };

    /// <summary>Paused at 10, gone at 100.</summary>
    public static SiloRun Evicted(int process, params PendingDelivery[] owedAtPause) => new()
    {
        Process = process,
        Node = process,
        EndKind = SiloEnd.Evicted,
        Pauses = [new(10, owedAtPause.ToHashSet())],
        Ended = new(100, new HashSet<PendingDelivery>()),
    };

    public static Effect Offered(int process, long at) => new()
    {
        RunNumber = process,
        WrittenAt = at,
        EventId = "A/Offered",
        Call = Call,
        Kind = CallEventKind.Offered,
        Status = "offer",
        Handler = HandlerNames.Ledger,
        Attempt = 1,
        Version = 1,
        Outcome = CallOutcome.None,
        Result = EffectResult.Done,
    };

    public static PollRequest Request(int process, long from, long to) =>
        new() { Port = 1, IdInstance = Instance, Process = process, IsDeletion = false, ReceivedAt = from, AnsweredAt = to };
}
