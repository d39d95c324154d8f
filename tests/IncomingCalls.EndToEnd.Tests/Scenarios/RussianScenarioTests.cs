namespace IncomingCalls.EndToEnd.Tests.Scenarios;

public sealed class RussianScenarioTests(RussianScenarioFixture desk) : ScenarioTests(desk), IClassFixture<RussianScenarioFixture>
{
    protected override string TextOf(string label) => label switch
    {
        "IncomingCall" => "Входящий вызов",
        "AnsweredCall" => "Отвеченный звонок",
        "DroppedCall" => "Сброшенный звонок",
        _ => "Пропущенный звонок",
    };
}

public sealed class RussianScenarioFixture() : ScenarioFixture("ru");
