namespace IncomingCalls.LoadTests.Tests;

public class FigureTests
{
    private static readonly double[] Narrow = [1.4, 1.5, 1.52];
    private static readonly double[] Wide = [0.5, 1.0, 1.5];

    [Theory]
    [InlineData(1.5, "Met")]
    [InlineData(1.51, "Missed")]
    public void Verdict_NarrowSpread_ComparesTheMedianWithTheBudget(double bound, string verdict) =>
        Figure.FromSample("inbox.growth", Budget.AtLeast(bound), Narrow, "").Verdict.ToString().Should().Be(verdict);

    [Fact]
    public void Verdict_WideSpreadAroundTheBudget_IsRefused() =>
        Figure.FromSample("poll.idle", Budget.AtMost(1.25), Wide, "").Verdict.Should().Be(Verdict.Refused);

    [Fact]
    public void Verdict_WideSpreadBeyondTheBudget_IsMissed() =>
        Figure.FromSample("poll.idle", Budget.AtMost(0.4), Wide, "").Verdict.Should().Be(Verdict.Missed);

    [Fact]
    public void Verdict_CountedFigure_NeedsNoSample() =>
        new Figure { Name = "burst.names.alerts", Value = 299, Budget = Budget.AtLeast(300) }.Verdict.Should().Be(Verdict.Missed);

    [Fact]
    public void ToString_MetBudget_StartsWithNameAndValue() =>
        Figure.FromSample("alert.latency", Budget.AtMost(1.6, unit: "ms"), Narrow, "300 offers").ToString()
            .Should().Be("alert.latency: 1.50 ms (budget ≤ 1.6 ms: met; spread 1.40…1.52 of 3; 300 offers)");

    [Fact]
    public void ToString_GoalBeyondTheValue_IsNotReached() =>
        Figure.FromSample("webhook.sqlite.vs_wolverine", Budget.AtLeast(1.2, goal: 3), Narrow, "").ToString()
            .Should().Contain("budget ≥ 1.2: met, goal 3 not reached;");

    [Fact]
    public void ToString_WideSpread_IsRefused() =>
        Figure.FromSample("poll.idle", Budget.AtMost(1.25), Wide, "").ToString().Should().Contain("REFUSED, the spread is too wide");
}
