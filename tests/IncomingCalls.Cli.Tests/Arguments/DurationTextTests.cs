using System.Globalization;
using IncomingCalls.Cli.Arguments;

namespace IncomingCalls.Cli.Tests.Arguments;

public sealed class DurationTextTests
{
    [Theory]
    [InlineData("500ms", "00:00:00.5")]
    [InlineData("30s", "00:00:30")]
    [InlineData("1.5S", "00:00:01.5")]
    [InlineData("5m", "00:05:00")]
    [InlineData("2h", "02:00:00")]
    [InlineData("168h", "7.00:00:00")]
    [InlineData("00:01:00", "00:01:00")]
    [InlineData("0s", "00:00:00")]
    public void TryParse_ValidDuration_ReturnsIt(string text, string expected)
    {
        DurationText.TryParse(text, out var duration).Should().BeTrue();
        duration.Should().Be(TimeSpan.ParseExact(expected, "c", CultureInfo.InvariantCulture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("10")]
    [InlineData("-1s")]
    [InlineData("-00:01:00")]
    [InlineData("169h")]
    [InlineData("1e9s")]
    [InlineData("NaNs")]
    [InlineData("s")]
    [InlineData("8.00:00:00")]
    [InlineData("99999999999999999999h")]
    [InlineData("9s answer")]
    public void TryParse_InvalidText_ReturnsFalse(string text) => DurationText.TryParse(text, out _).Should().BeFalse();
}
