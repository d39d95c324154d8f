namespace IncomingCalls.LoadTests.Tests;

public class RateWindowsTests
{
    [Theory]
    [InlineData(false, 100.0, 100.0)]
    [InlineData(true, 100.0, 100.0, 100.0)]
    [InlineData(true, 100.0, 105.0, 102.0)]
    [InlineData(false, 100.0, 106.0, 102.0)]
    [InlineData(false, 50.0, 80.0, 100.0)]
    [InlineData(true, 50.0, 80.0, 100.0, 101.0, 99.0)]
    [InlineData(false, 100.0, 100.0, 100.0, 50.0)]
    public void IsStable_ComparesTheLastThreeWindows(bool isStable, params double[] rates)
    {
        var windows = new RateWindows();

        Array.ForEach(rates, windows.Add);

        windows.IsStable.Should().Be(isStable);
    }
}
