namespace IncomingCalls.LoadTests.Tests;

public class BudgetTests
{
    [Theory]
    [InlineData(0.85, true)]
    [InlineData(0.84, false)]
    public void IsMetBy_Minimum_IncludesTheBound(double value, bool isMet) => Budget.AtLeast(0.85).IsMetBy(value).Should().Be(isMet);

    [Theory]
    [InlineData(1.6, true)]
    [InlineData(1.61, false)]
    public void IsMetBy_Maximum_IncludesTheBound(double value, bool isMet) => Budget.AtMost(1.6).IsMetBy(value).Should().Be(isMet);

    [Theory]
    [InlineData(0.40, true)]
    [InlineData(0.39, false)]
    public void IsGoalReachedBy_Minimum_ComparesWithTheGoal(double value, bool isReached) =>
        Budget.AtLeast(0.30, goal: 0.40).IsGoalReachedBy(value).Should().Be(isReached);

    [Theory]
    [InlineData(20, true)]
    [InlineData(21, false)]
    public void IsGoalReachedBy_Maximum_ComparesWithTheGoal(double value, bool isReached) =>
        Budget.AtMost(50, goal: 20).IsGoalReachedBy(value).Should().Be(isReached);

    [Fact]
    public void IsGoalReachedBy_NoGoal_IsFalse() => Budget.AtLeast(0.30).IsGoalReachedBy(1).Should().BeFalse();

    [Fact]
    public void Format_Unit_FollowsTheValue()
    {
        var budget = Budget.AtMost(50, unit: "ms");

        budget.Format(5.937).Should().Be("5.94 ms");
        budget.ToString().Should().Be("≤ 50 ms");
    }
}
