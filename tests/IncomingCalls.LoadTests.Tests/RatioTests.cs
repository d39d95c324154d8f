namespace IncomingCalls.LoadTests.Tests;

public class RatioTests
{
    [Fact]
    public void Of_OddNumberOfPairs_IsTheMiddleOne() => Ratio.Of([3.0, 1.0, 2.0]).Median.Should().Be(2);

    [Fact]
    public void Of_EvenNumberOfPairs_IsBetweenTheMiddleTwo() => Ratio.Of([4.0, 1.0, 2.0, 3.0]).Median.Should().Be(2.5);

    [Fact]
    public void Of_FewPairs_SpreadsOverAllOfThem()
    {
        var ratio = Ratio.Of([0.9, 1.0, 1.1]);

        (ratio.Low, ratio.High).Should().Be((0.9, 1.1));
    }

    [Fact]
    public void Of_HundredPairs_SpreadsOverTheMiddleTwenty()
    {
        var ratio = Ratio.Of(Enumerable.Range(1, 100).Select(i => (double)i));

        // Ranks 50 ± 9.8, counted from zero.
        (ratio.Low, ratio.High).Should().Be((41, 61));
    }

    [Fact]
    public void Tells_FewDisturbedSlices_StaysTrue()
    {
        var calm = Enumerable.Repeat(0.9, 26);

        Ratio.Of([.. calm, 0.1, 5, 7, 20]).Tells(Goal.AtLeast(0.85)).Should().BeTrue();
    }

    [Theory]
    [InlineData(1.0, false)]
    [InlineData(0.4, true)]
    [InlineData(1.4, true)]
    public void Tells_PairsThatDisagree_IsTrueOnlyWhenTheyAgreeAboutTheGoal(double bound, bool tells) =>
        Ratio.Of([0.5, 0.7, 0.9, 1.1, 1.3]).Tells(Goal.AtLeast(bound)).Should().Be(tells);

    [Fact]
    public void Tells_TwoPairs_IsFalseHoweverMuchTheyAgree() => Ratio.Of([1.0, 1.0]).Tells(Goal.AtLeast(0.5)).Should().BeFalse();

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Of_NoPositiveNumber_IsRefused(double ratio)
    {
        var act = () => Ratio.Of([1.0, ratio, 1.0]);

        act.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void Of_NoPairs_IsRefused()
    {
        var act = () => Ratio.Of([]);

        act.Should().Throw<ArgumentException>();
    }
}
