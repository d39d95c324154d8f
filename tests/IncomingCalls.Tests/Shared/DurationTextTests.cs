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
    [InlineData("12:30", false)]
    [InlineData("00:00:00.5", false)]
    [InlineData("1.00:00:00", false)]
    [InlineData("24.00:00", false)]
    [InlineData("60.00:00:00.5", false)]
    [InlineData("7:00:00:00", false)]
    [InlineData("7:00:00:00.5", false)]
    public void HasHiddenDays_Text_OnlyForNumbersThatAreDaysWithoutSayingSo(string text, bool expected) =>
        DurationText.HasHiddenDays(text, TimeSpan.Parse(text, CultureInfo.InvariantCulture)).Should().Be(expected);

    /// <summary>Code that sets an option takes precedence over its key, which is then not used.</summary>
    [Fact]
    public void HasHiddenDays_ValueFromElsewhere_False() => DurationText.HasHiddenDays("60", TimeSpan.FromMinutes(1)).Should().BeFalse();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("soon")]
    public void HasHiddenDays_NoDuration_False(string? text) => DurationText.HasHiddenDays(text, TimeSpan.FromDays(1)).Should().BeFalse();
}
