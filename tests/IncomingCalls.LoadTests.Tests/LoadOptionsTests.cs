namespace IncomingCalls.LoadTests.Tests;

public class LoadOptionsTests
{
    [Fact]
    public void Parse_NoArguments_SelectsAllForThirtySeconds()
    {
        var options = LoadOptions.Parse([]);

        options.Names.Should().BeEmpty();
        options.IsQuick.Should().BeFalse();
        options.Time.Should().Be(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Parse_NamesAndSeconds_AreReadInAnyOrder()
    {
        var options = LoadOptions.Parse(["parse.bytes", "--seconds", "5", "poll.idle"]);

        options.Names.Should().Equal("parse.bytes", "poll.idle");
        options.Time.Should().Be(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Parse_QuickWithSeconds_UsesTheSeconds() =>
        LoadOptions.Parse(["--quick", "--seconds", "3"]).Should().BeEquivalentTo(new { IsQuick = true, Time = TimeSpan.FromSeconds(3) });

    [Theory]
    [InlineData("--seconds")]
    [InlineData("--seconds", "0")]
    [InlineData("--seconds", "-1")]
    [InlineData("--seconds", "a while")]
    [InlineData("--seconds", "100000")]
    [InlineData("--fast")]
    public void Parse_InvalidArguments_ThrowsWithUsage(params string[] arguments)
    {
        var act = () => LoadOptions.Parse(arguments);

        act.Should().Throw<ArgumentException>().WithMessage("*Usage:*");
    }

    [Fact]
    public void Select_UnknownName_ThrowsWithTheKnownNames()
    {
        var act = () => MeasurementCatalog.Select(["parse.speed"]);

        act.Should().Throw<ArgumentException>().WithMessage("*poll.vs_limit*");
    }
}
