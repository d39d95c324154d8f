using System.Text;
using System.Text.Json;

namespace IncomingCalls.LoadTests.Tests;

public class FigureTests
{
    [Theory]
    [InlineData(0.85, true)]
    [InlineData(0.84, false)]
    public void IsMetBy_Minimum_IncludesTheBound(double value, bool isMet) => Goal.AtLeast(0.85).IsMetBy(value).Should().Be(isMet);

    [Theory]
    [InlineData(1.6, true)]
    [InlineData(1.61, false)]
    public void IsMetBy_Maximum_IncludesTheBound(double value, bool isMet) => Goal.AtMost(1.6).IsMetBy(value).Should().Be(isMet);

    [Fact]
    public void ToString_ConclusiveFigure_StartsWithNameAndValue() =>
        Figure.FromRatio("poll.idle", Goal.AtMost(1.6), Ratio.FromPairs([1.4, 1.5, 1.52]), "3 ns").ToString()
            .Should().StartWith("poll.idle: 1.50 (").And.Contain("spread 1.40…1.52").And.Contain("met");

    [Fact]
    public void ToString_WideSpread_IsMarkedAsInconclusive()
    {
        var figure = Figure.FromRatio("poll.idle", Goal.AtMost(1.25), Ratio.FromPairs([0.5, 1.0, 1.5]), "");

        figure.IsInconclusive.Should().BeTrue();
        figure.ToString().Should().Contain("REFUSED");
    }

    [Fact]
    public async Task WriteAsync_InconclusiveFigure_IsNotMet()
    {
        using var output = new MemoryStream();

        await FigureReport.WriteAsync([Figure.FromRatio("poll.idle", Goal.AtMost(1.25), Ratio.FromPairs([0.5, 1.0, 1.5]), "")], output);

        var figure = JsonDocument.Parse(Encoding.UTF8.GetString(output.ToArray())).RootElement.GetProperty("poll.idle");
        figure.GetProperty("value").GetDouble().Should().Be(1);
        figure.GetProperty("refused").GetBoolean().Should().BeTrue();
        figure.GetProperty("met").GetBoolean().Should().BeFalse();
    }
}
