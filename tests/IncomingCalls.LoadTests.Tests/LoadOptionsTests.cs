namespace IncomingCalls.LoadTests.Tests;

public class LoadOptionsTests
{
    [Fact]
    public void Parse_Nothing_MeansEverythingForHalfAMinute()
    {
        var options = LoadOptions.Parse([]);

        options.Names.Should().BeEmpty();
        options.IsQuick.Should().BeFalse();
        options.Time.Should().Be(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Parse_NamesAndSeconds_InAnyOrder()
    {
        var options = LoadOptions.Parse(["parse.bytes", "--seconds", "5", "parse.vs_stj"]);

        options.Names.Should().Equal("parse.bytes", "parse.vs_stj");
        options.Time.Should().Be(TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Parse_QuickWithSeconds_TakesTheSeconds() =>
        LoadOptions.Parse(["--quick", "--seconds", "3"]).Should().BeEquivalentTo(new { IsQuick = true, Time = TimeSpan.FromSeconds(3) });

    [Theory]
    [InlineData("--seconds")]
    [InlineData("--seconds", "0")]
    [InlineData("--seconds", "-1")]
    [InlineData("--seconds", "a while")]
    [InlineData("--seconds", "100000")]
    [InlineData("--fast")]
    public void Parse_WhatIsNotUnderstood_SaysHowToWriteIt(params string[] arguments)
    {
        var act = () => LoadOptions.Parse(arguments);

        act.Should().Throw<ArgumentException>().WithMessage("*Usage:*");
    }

    [Fact]
    public void Select_UnknownName_NamesTheKnownOnes()
    {
        var act = () => Catalog.Select(["parse.speed"]);

        act.Should().Throw<ArgumentException>().WithMessage("*parse.vs_stj*");
    }
}
