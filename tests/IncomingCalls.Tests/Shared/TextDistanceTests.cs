using IncomingCalls.Shared;

namespace IncomingCalls.Tests.Shared;

public class TextDistanceTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("Scenario", "scenario", 0)]
    [InlineData("Scenaro", "Scenario", 1)]
    [InlineData("Scenarioo", "Scenario", 1)]
    [InlineData("Scenerio", "Scenario", 1)]
    [InlineData("", "Path", 4)]
    [InlineData("Path", "", 4)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("abc", "xyz", 3)]
    public void Between_Texts_CountsTheEdits(string one, string other, int expected) => TextDistance.Between(one, other).Should().Be(expected);
}
