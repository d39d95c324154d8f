namespace IncomingCalls.EndToEnd.Tests.Scenarios;

public sealed class RussianDesk() : ScenarioDesk("ru");
