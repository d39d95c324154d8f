namespace IncomingCalls.LoadTests.Tests;

public class RatioTests
{
    [Fact]
    public void FromPairs_OddNumber_MedianIsTheMiddleOne() => Ratio.FromPairs([3.0, 1.0, 2.0]).Median.Should().Be(2);

    [Fact]
    public void FromPairs_EvenNumber_MedianIsBetweenTheMiddleTwo() => Ratio.FromPairs([4.0, 1.0, 2.0, 3.0]).Median.Should().Be(2.5);

    [Fact]
    public void FromPairs_FewPairs_SpreadCoversAll()
    {
        var ratio = Ratio.FromPairs([0.9, 1.0, 1.1]);

        (ratio.Low, ratio.High).Should().Be((0.9, 1.1));
    }

    [Fact]
    public void FromPairs_HundredPairs_SpreadCoversTheMiddleTwenty()
    {
        var ratio = Ratio.FromPairs(Enumerable.Range(1, 100).Select(i => (double)i));

        // The ranks 50 ± 9.8, counted from zero.
        (ratio.Low, ratio.High).Should().Be((41, 61));
    }

    [Fact]
    public void IsConclusiveFor_FewOutliers_IsTrue()
    {
        var typical = Enumerable.Repeat(0.9, 26);

        Ratio.FromPairs([.. typical, 0.1, 5, 7, 20]).IsConclusiveFor(Goal.AtLeast(0.85)).Should().BeTrue();
    }

    [Theory]
    [InlineData(1.0, false)]
    [InlineData(0.4, true)]
    [InlineData(1.4, true)]
    public void IsConclusiveFor_WideSpread_IsTrueOnlyOnOneSideOfTheGoal(double bound, bool isConclusive) =>
        Ratio.FromPairs([0.5, 0.7, 0.9, 1.1, 1.3]).IsConclusiveFor(Goal.AtLeast(bound)).Should().Be(isConclusive);

    [Fact]
    public void IsConclusiveFor_TwoPairs_IsFalse() => Ratio.FromPairs([1.0, 1.0]).IsConclusiveFor(Goal.AtLeast(0.5)).Should().BeFalse();

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void FromPairs_NonPositiveNumber_Throws(double ratio)
    {
        var act = () => Ratio.FromPairs([1.0, ratio, 1.0]);

        act.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void FromPairs_NoPairs_Throws()
    {
        var act = () => Ratio.FromPairs([]);

        act.Should().Throw<ArgumentException>();
    }
}
