using System.Globalization;
using IncomingCalls.Shared;

namespace IncomingCalls.Tests.Shared;

public class DurationTextTests
{
    [Theory]
    [InlineData("60", true)]
    [InlineData(" 60 ", true)]
    [InlineData("-60", true)]
    [InlineData("1", true)]
    [InlineData("24:00:00", true)]
    [InlineData("24:0:0", true)]
    [InlineData("100:20:15", true)]
    [InlineData("-24:00:00", true)]
    [InlineData("0", false)]
    [InlineData("00:01:00", false)]
    [InlineData("23:59:59", false)]
    [InlineData("12:30", true)]
    [InlineData("15:00", true)]
    [InlineData("00:05", true)]
    [InlineData("-1:30", true)]
    [InlineData("00:00", false)]
    [InlineData("1.02:03", false)]
    [InlineData("00:00:00.5", false)]
    [InlineData("1.00:00:00", false)]
    [InlineData("24.00:00", false)]
    [InlineData("60.00:00:00.5", false)]
    [InlineData("7:00:00:00", false)]
    [InlineData("7:00:00:00.5", false)]
    public void IsAmbiguous_Text_UnlessItsUnitsAreVisible(string text, bool expected) =>
        DurationText.IsAmbiguous(text, TimeSpan.Parse(text, CultureInfo.InvariantCulture)).Should().Be(expected);

    /// <summary>Code that sets an option takes precedence over its key, which is then not used.</summary>
    [Fact]
    public void IsAmbiguous_ValueFromElsewhere_False() => DurationText.IsAmbiguous("60", TimeSpan.FromMinutes(1)).Should().BeFalse();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("soon")]
    public void IsAmbiguous_NoDuration_False(string? text) => DurationText.IsAmbiguous(text, TimeSpan.FromDays(1)).Should().BeFalse();

    [Theory]
    [InlineData("24:00:00", "24 days")]
    [InlineData("1", "1 day")]
    [InlineData("15:00", "15 hours")]
    [InlineData("01:01", "1 hour 1 minute")]
    [InlineData("100:20:15", "100 days 20 hours 15 minutes")]
    [InlineData("-60", "-60 days")]
    public void Describe_Value_NamesItsUnits(string text, string expected) =>
        DurationText.Describe(TimeSpan.Parse(text, CultureInfo.InvariantCulture)).Should().Be(expected);
}
