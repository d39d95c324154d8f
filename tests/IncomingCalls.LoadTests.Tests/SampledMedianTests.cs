namespace IncomingCalls.LoadTests.Tests;

public class SampledMedianTests
{
    [Fact]
    public void From_OddNumber_MedianIsTheMiddleOne() => SampledMedian.From([3.0, 1.0, 2.0]).Median.Should().Be(2);

    [Fact]
    public void From_EvenNumber_MedianIsBetweenTheMiddleTwo() => SampledMedian.From([4.0, 1.0, 2.0, 3.0]).Median.Should().Be(2.5);

    [Fact]
    public void From_ThreeValues_SpreadCoversAll()
    {
        var median = SampledMedian.From([0.9, 1.0, 1.1]);

        (median.Low, median.High).Should().Be((0.9, 1.1));
    }

    [Fact]
    public void From_HundredValues_SpreadCoversTheMiddleTwenty()
    {
        var median = SampledMedian.From(Enumerable.Range(1, 100).Select(i => (double)i));

        // The ranks 50 ± 9.8, counted from zero.
        (median.Low, median.High).Should().Be((41, 61));
    }

    [Fact]
    public void IsConclusiveFor_FewOutliers_IsTrue()
    {
        var typical = Enumerable.Repeat(0.9, 26);

        SampledMedian.From([.. typical, 0.1, 5, 7, 20]).IsConclusiveFor(Budget.AtLeast(0.85)).Should().BeTrue();
    }

    [Theory]
    [InlineData(1.0, false)]
    [InlineData(0.4, true)]
    [InlineData(1.4, true)]
    public void IsConclusiveFor_WideSpread_IsTrueOnlyOnOneSideOfTheBudget(double bound, bool isConclusive) =>
        SampledMedian.From([0.5, 0.7, 0.9, 1.1, 1.3]).IsConclusiveFor(Budget.AtLeast(bound)).Should().Be(isConclusive);

    [Fact]
    public void IsConclusiveFor_OnlyZeros_IsTrue() => SampledMedian.From([0.0, 0.0, 0.0]).IsConclusiveFor(Budget.AtLeast(0.9)).Should().BeTrue();

    [Fact]
    public void IsConclusiveFor_TwoValues_IsFalse() => SampledMedian.From([1.0, 1.0]).IsConclusiveFor(Budget.AtLeast(0.5)).Should().BeFalse();

    [Theory]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void From_NegativeOrInfiniteNumber_Throws(double value)
    {
        var act = () => SampledMedian.From([1.0, value, 1.0]);

        act.Should().Throw<ArgumentException>();
    }

    [Fact]
    public void From_NoValues_Throws()
    {
        var act = () => SampledMedian.From([]);

        act.Should().Throw<ArgumentException>();
    }
}
