using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests.Tests.Checking;

/// <summary>Invented runs of silos and their effects. Timestamps are small numbers.</summary>
internal static class ClusterSamples
{
    public const long Instance = 1101000001;

    public static readonly CallKey Call = new(Instance, "A");

    public static SiloRun Killed(int process, long at, params PendingDelivery[] pending) =>
        new() { Process = process, Node = process, EndKind = SiloEnd.Killed, Ended = new(at, pending.ToHashSet()) };

    public static SiloRun Terminated(int process) =>
        new() { Process = process, Node = process, EndKind = SiloEnd.Terminated, Ended = new(1000, new HashSet<PendingDelivery>()) };

    /// <summary>Creates the run of a silo that was paused at 10 and exited at 100.</summary>
    public static SiloRun Evicted(int process, params PendingDelivery[] pendingAtPause) => new()
    {
        Process = process,
        Node = process,
        EndKind = SiloEnd.Evicted,
        Pauses = [new(10, pendingAtPause.ToHashSet())],
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
