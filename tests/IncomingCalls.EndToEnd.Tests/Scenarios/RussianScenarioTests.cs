namespace IncomingCalls.EndToEnd.Tests.Scenarios;

public sealed class RussianScenarioTests(RussianDesk desk) : ScenarioTests(desk), IClassFixture<RussianDesk>
{
    protected override string TextOf(string label) => label switch
    {
        "IncomingCall" => "Входящий вызов",
        "AnsweredCall" => "Отвеченный звонок",
        "DroppedCall" => "Сброшенный звонок",
        _ => "Пропущенный звонок",
    };
}
