namespace IncomingCalls.EndToEnd.Tests.Scenarios;

public sealed class EnglishScenarioTests(EnglishDesk desk) : ScenarioTests(desk), IClassFixture<EnglishDesk>
{
    protected override string TextOf(string label) => label switch
    {
        "IncomingCall" => "Incoming call",
        "AnsweredCall" => "Answered call",
        "DroppedCall" => "Dropped call",
        _ => "Missed call",
    };
}
