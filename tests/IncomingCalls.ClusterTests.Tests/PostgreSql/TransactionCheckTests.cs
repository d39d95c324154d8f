using IncomingCalls.CrashTests;

namespace IncomingCalls.ClusterTests.Tests.PostgreSql;

public class TransactionCheckTests
{
    private static readonly Effect First = NodeSamples.Attempt(1, 1, handler: HandlerNames.Ledger);
    private static readonly Effect Second = NodeSamples.Attempt(2, 3, attempt: 2, handler: HandlerNames.Ledger);

    [Fact]
    public void Find_CommittedWithTheLastAttempt_FindsNothing() => Find([First, Second], Second).Should().BeEmpty();

    [Theory]
    [InlineData(EffectResult.Failed)]
    [InlineData(EffectResult.Rejected)]
    [InlineData(EffectResult.Interrupted)]
    public void Find_FailedAttemptCommittedNothing_FindsNothing(object result) => Find([First with { Result = (EffectResult)result }, Second], Second).Should().BeEmpty();

    /// <summary>As when the handler writes outside of the transaction, and its first attempt is interrupted.</summary>
    [Fact]
    public void Find_CommittedByTwoAttempts_FindsWrongTransaction() => Find([First, Second], First, Second).Should().Equal(FindingKind.WrongTransaction);

    [Fact]
    public void Find_CommittedTwiceByOneAttempt_FindsWrongTransaction() => Find([First], First, First).Should().Equal(FindingKind.WrongTransaction);

    [Theory]
    [InlineData(EffectResult.Failed)]
    [InlineData(EffectResult.Rejected)]
    [InlineData(EffectResult.Interrupted)]
    public void Find_FailedAttemptCommitted_FindsWrongTransaction(object result)
    {
        var failed = First with { Result = (EffectResult)result };

        Find([failed], failed).Should().Equal(FindingKind.WrongTransaction);
    }

    [Fact]
    public void Find_AttemptAfterTheCommit_FindsWrongTransaction() => Find([First, Second], First).Should().Equal(FindingKind.WrongTransaction);

    [Fact]
    public void Find_NothingCommitted_FindsLost() => Find([First]).Should().Equal(FindingKind.Lost);

    private static IEnumerable<FindingKind> Find(IReadOnlyList<Effect> attempts, params Effect[] committed) => new TransactionCheck(attempts, committed).Find().Select(finding => finding.Kind);
}
