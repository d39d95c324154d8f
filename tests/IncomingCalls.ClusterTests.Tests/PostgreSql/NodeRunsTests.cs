using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests.Tests.PostgreSql;

/// <summary>What the checker finds in histories of nodes: a finding for each rule that is broken, and none where a fault explains the history.</summary>
public class NodeRunsTests
{
    private static readonly Effect Answered = NodeSamples.Attempt(2, 40, kind: CallEventKind.Answered);

    [Fact]
    public void Check_UndisturbedHistory_FindsNothing() => NodeSamples.Find([], NodeSamples.Attempt(1, 1), Answered).Should().BeEmpty();

    [Fact]
    public void Check_AcknowledgedNotificationForgotten_FindsLost() => NodeSamples.Find([], NodeSamples.Attempt(1, 1)).Should().Contain(FindingKind.Lost);

    [Fact]
    public void Check_EventsOutOfOrder_FindsOutOfOrder() =>
        NodeSamples.Find([], NodeSamples.Attempt(1, 41), Answered).Should().Contain(FindingKind.OutOfOrder);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Check_RepeatedWithoutAFault_FindsRepeatedAttempt(int attempt) =>
        NodeSamples.Find([], NodeSamples.Attempt(1, 1), NodeSamples.Attempt(2, 3, attempt), Answered).Should().Equal(FindingKind.RepeatedAttempt);

    [Theory]
    [InlineData(InterruptionKind.ProcessEnd, 2, 2.1)]
    [InlineData(InterruptionKind.SessionEnd, 2, 2.1)]
    [InlineData(InterruptionKind.CutOff, 0.5, 6)]
    [InlineData(InterruptionKind.Pause, 0.5, 22)]
    [InlineData(InterruptionKind.DatabaseRestart, 2, 3)]
    public void Check_RepeatedBecauseOfAFault_FindsNothing(object kind, double from, double to) =>
        NodeSamples.Find([NodeSamples.Interrupt((InterruptionKind)kind, 1, from, to)], NodeSamples.Attempt(1, 1), NodeSamples.Attempt(2, 23, attempt: 2), Answered).Should().BeEmpty();

    [Theory]
    [InlineData(InterruptionKind.CutOff, 1.5, 5)]
    [InlineData(InterruptionKind.Pause, 1.5, 6)]
    public void Check_RepeatedAfterAShortFault_FindsRepeatedAttempt(object kind, double from, double to) =>
        NodeSamples.Find([NodeSamples.Interrupt((InterruptionKind)kind, 1, from, to)], NodeSamples.Attempt(1, 1), NodeSamples.Attempt(2, 23, attempt: 2), Answered)
            .Should().Equal(FindingKind.RepeatedAttempt);

    [Fact]
    public void Check_AnotherNodeKilled_FindsRepeatedAttempt() =>
        NodeSamples.Find([NodeSamples.Interrupt(InterruptionKind.ProcessEnd, 3, 2, 2)], NodeSamples.Attempt(1, 1), NodeSamples.Attempt(2, 3, attempt: 2), Answered)
            .Should().Equal(FindingKind.RepeatedAttempt);

    [Fact]
    public void Check_KilledLongAfterTheAttempt_FindsRepeatedAttempt() =>
        NodeSamples.Find([NodeSamples.Interrupt(InterruptionKind.ProcessEnd, 1, 30, 30)], NodeSamples.Attempt(1, 1), NodeSamples.Attempt(2, 31, attempt: 2), Answered)
            .Should().Equal(FindingKind.RepeatedAttempt);

    [Fact]
    public void Check_RepeatedBeforeTheFault_FindsRepeatedAttempt() =>
        NodeSamples.Find([NodeSamples.Interrupt(InterruptionKind.ProcessEnd, 1, 4, 4)], NodeSamples.Attempt(1, 1), NodeSamples.Attempt(2, 3, attempt: 2), Answered)
            .Should().Equal(FindingKind.RepeatedAttempt);

    [Fact]
    public void Check_InterruptedAttemptDidNotCount_FindsRepeatedAttempt() =>
        NodeSamples.Find([NodeSamples.Interrupt(InterruptionKind.ProcessEnd, 1, 2, 2)], NodeSamples.Attempt(1, 1), NodeSamples.Attempt(2, 3), Answered)
            .Should().Equal(FindingKind.RepeatedAttempt);

    [Fact]
    public void Check_StartsLostWithTheServer_MayRepeatTheNumber() =>
        NodeSamples.Find([NodeSamples.Interrupt(InterruptionKind.DatabaseRestart, null, 2, 3)], NodeSamples.Attempt(1, 1), NodeSamples.Attempt(2, 4), Answered).Should().BeEmpty();

    [Fact]
    public void Check_StartsLostLongAfterTheKill_MayRepeatTheNumber()
    {
        var restart = NodeSamples.Interrupt(InterruptionKind.DatabaseRestart, null, 30, 31);

        NodeSamples.Find([NodeSamples.Interrupt(InterruptionKind.ProcessEnd, 1, 2, 2), restart], NodeSamples.Attempt(1, 1), NodeSamples.Attempt(2, 32), Answered).Should().BeEmpty();
        NodeSamples.Find([restart], NodeSamples.Attempt(1, 1), NodeSamples.Attempt(2, 32), Answered).Should().Equal(FindingKind.RepeatedAttempt);
    }

    /// <summary>The claim is from before the pause, and the process has not noticed yet that it is lost.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Check_HandlerStartsAfterAPauseAndIsRepeated_FindsNothing(int attempt)
    {
        Interruption[] faults = [NodeSamples.Interrupt(InterruptionKind.Pause, 1, 1, 24), NodeSamples.Interrupt(InterruptionKind.DatabaseRestart, null, 10, 11)];

        NodeSamples.Find(faults, NodeSamples.Attempt(1, 25), NodeSamples.Attempt(2, 27, attempt), Answered).Should().BeEmpty();
        NodeSamples.Find(faults, NodeSamples.Attempt(1, 30), NodeSamples.Attempt(2, 32, attempt), Answered).Should().Equal(FindingKind.RepeatedAttempt);
    }

    /// <summary>The session ended between the claim and the start of the handler.</summary>
    [Fact]
    public void Check_HandlerStartsAfterItsSessionEnded_IsOrderedAtTheEnd()
    {
        var successor = NodeSamples.Attempt(2, 2.5);
        Effect[] attempts = [successor, NodeSamples.Attempt(2, 2.8, kind: CallEventKind.Answered), NodeSamples.Attempt(1, 3)];

        NodeSamples.Find([NodeSamples.Interrupt(InterruptionKind.SessionEnd, 1, 2, 2.1)], attempts).Should().BeEmpty();
        NodeSamples.Find([NodeSamples.Interrupt(InterruptionKind.SessionEnd, 3, 2, 2.1)], attempts).Should().Contain(FindingKind.OutOfOrder);
    }

    /// <summary>The number proves nothing after a restart of the server. That a later event was handled, or that the other attempt was committed, does.</summary>
    [Fact]
    public void Check_HandlerStartsAfterAPauseWithARestart_IsOrderedAtThePause()
    {
        Interruption[] faults = [NodeSamples.Interrupt(InterruptionKind.Pause, 1, 10, 40.9), NodeSamples.Interrupt(InterruptionKind.DatabaseRestart, null, 20, 21)];
        Effect[] attempts = [NodeSamples.Attempt(2, 12), NodeSamples.Attempt(2, 13, kind: CallEventKind.Answered), NodeSamples.Attempt(1, 41)];
        Effect[] withoutLaterEvent = [attempts[0], attempts[2]];

        NodeSamples.Find(faults, attempts).Should().BeEmpty();
        new NodeRuns(NodeSamples.Runs, faults, withoutLaterEvent, committed: []).CountLate().Should().Be(0);
        new NodeRuns(NodeSamples.Runs, faults, withoutLaterEvent, committed: [attempts[0]]).CountLate().Should().Be(1);
    }

    /// <summary>The attempt after the pause is a repetition of the one before, whose start the server has forgotten.</summary>
    [Fact]
    public void Check_StartsLostDuringAPause_KeepsTheOrder()
    {
        Interruption[] faults = [NodeSamples.Interrupt(InterruptionKind.Pause, 1, 5, 25), NodeSamples.Interrupt(InterruptionKind.DatabaseRestart, null, 20, 21)];
        Effect[] attempts = [NodeSamples.Attempt(2, 10), NodeSamples.Attempt(2, 19, kind: CallEventKind.Answered), NodeSamples.Attempt(1, 27, kind: CallEventKind.Answered)];

        NodeSamples.Find(faults, attempts).Should().BeEmpty();
        new NodeRuns(NodeSamples.Runs, faults, attempts, committed: []).CountLate().Should().Be(0);
    }

    [Fact]
    public void Check_AttemptWithoutEffect_NeedsAFault()
    {
        NodeSamples.Find([], NodeSamples.Attempt(2, 5, attempt: 2), Answered).Should().Equal(FindingKind.WrongAttemptNumber);
        NodeSamples.Find([NodeSamples.Interrupt(InterruptionKind.ProcessEnd, 1, 2, 2)], NodeSamples.Attempt(2, 5, attempt: 2), Answered).Should().BeEmpty();
        NodeSamples.Find([NodeSamples.Interrupt(InterruptionKind.ProcessEnd, 1, 2, 2)], NodeSamples.Attempt(2, 5, attempt: 3), Answered).Should().Equal(FindingKind.WrongAttemptNumber);
    }

    [Fact]
    public void Check_HandlerEndedItsProcess_IsRepeatedAndCounts()
    {
        var ended = NodeSamples.Attempt(1, 1, result: EffectResult.Interrupted);

        NodeSamples.Find([], ended, NodeSamples.Attempt(2, 2, attempt: 2), Answered).Should().BeEmpty();
        NodeSamples.Find([], ended, Answered).Should().Contain(FindingKind.Lost);
    }

    /// <summary>The process was paused between its claim and the start of the handler.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Check_HandlerStartsAfterAPause_IsOrderedAtThePause(int attemptOfTheSuccessor)
    {
        Effect[] attempts = [NodeSamples.Attempt(2, 31, attemptOfTheSuccessor), Answered, NodeSamples.Attempt(1, 41)];
        var pause = NodeSamples.Interrupt(InterruptionKind.Pause, 1, 10, 40.9);

        NodeSamples.Find([pause], attempts).Should().BeEmpty();
        NodeSamples.Find([], attempts).Should().Contain(FindingKind.OutOfOrder);
        new NodeRuns(NodeSamples.Runs, [pause], attempts, committed: []).CountLate().Should().Be(1);
        new NodeRuns(NodeSamples.Runs, [pause], attempts, committed: [attempts[2]]).CountLate().Should().Be(0, "only the holder of a claim can commit");
    }
}
