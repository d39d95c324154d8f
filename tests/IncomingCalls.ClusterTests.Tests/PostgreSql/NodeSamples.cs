using System.Diagnostics;
using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests.Tests.PostgreSql;

/// <summary>Recorded histories of nodes: a call that rings, on the nodes 1 and 2. Times are seconds.</summary>
internal static class NodeSamples
{
    public static readonly CallKey Call = FindCallThatSucceeds();

    public static readonly IReadOnlyList<NodeRun> Runs = [.. Enumerable.Range(1, 3).Select(process => new NodeRun { Process = process, Node = process, EndKind = NodeEnd.Terminated })];

    public static readonly NodeRun KilledRun = Runs[0] with { EndKind = NodeEnd.Killed };

    /// <summary>Creates an attempt.</summary>
    public static Effect Attempt(
        int process, double at, int attempt = 1, string handler = HandlerNames.Board, CallEventKind kind = CallEventKind.Offered, EffectResult result = EffectResult.Done) => new()
    {
        RunNumber = process,
        WrittenAt = Seconds(at),
        EventId = $"{Call}/{kind}",
        Call = Call,
        Kind = kind,
        Status = kind == CallEventKind.Offered ? "offer" : "pickup",
        Handler = handler,
        Attempt = attempt,
        Version = 1,
        Outcome = kind == CallEventKind.Offered ? CallOutcome.None : CallOutcome.Answered,
        Result = result,
    };

    public static Interruption Interrupt(InterruptionKind kind, int? process, double from, double to) =>
        new() { Kind = kind, Process = process, From = Seconds(from), To = Seconds(to) };

    /// <summary>Finds the kinds of violations in the history of a call that rings and is answered.</summary>
    /// <param name="interruptions">The interruptions.</param>
    /// <param name="attempts">The attempts; those of a handler that has none here are added.</param>
    public static IEnumerable<FindingKind> Find(IReadOnlyList<Interruption> interruptions, params Effect[] attempts)
    {
        Effect[] all =
        [
            .. attempts,
            .. from handler in HandlerNames.All
               where attempts.All(attempt => attempt.Handler != handler)
               from kind in new[] { CallEventKind.Offered, CallEventKind.Answered }
               select Attempt(2, kind == CallEventKind.Offered ? 1 : 2, handler: handler, kind: kind),
        ];
        var nodes = new NodeRuns(Runs, interruptions, all, []);
        return EvidenceChecker.Check(new NodeEvidence
        {
            Sent = [Sent("offer"), Sent("pickUp")],
            Effects = nodes.OrderEffects(),
            Runs = [],
            Nodes = nodes,
            DeadLetters = [],
            Quarantined = [],
        }).Select(finding => finding.Kind).Distinct();
    }

    private static SentNotification Sent(string status) => new() { IdInstance = Call.IdInstance, IdMessage = Call.IdMessage, Status = status, IsAcknowledged = true, Deliveries = 1 };

    private static long Seconds(double seconds) => (long)(seconds * Stopwatch.Frequency);

    private static CallKey FindCallThatSucceeds() => Enumerable.Range(0, 1000).Select(i => new CallKey(1101000001, $"Call{i}"))
        .First(key => new[] { CallEventKind.Offered, CallEventKind.Answered }.All(kind => FailureProfile.ResultOf($"{key}/{kind}", 1) == EffectResult.Done));
}
