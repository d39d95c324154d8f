namespace IncomingCalls.EndToEnd.Tests.Scenarios;

public sealed class EnglishScenarioTests(EnglishScenarioFixture desk) : ScenarioTests(desk), IClassFixture<EnglishScenarioFixture>
{
    protected override string TextOf(string label) => label switch
    {
        "IncomingCall" => "Incoming call",
        "AnsweredCall" => "Answered call",
        "DroppedCall" => "Dropped call",
        _ => "Missed call",
    };
}

public sealed class EnglishScenarioFixture() : ScenarioFixture("en");
