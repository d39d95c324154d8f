namespace IncomingCalls.EndToEnd.Tests.Scenarios;

public sealed class RussianScenarioFixture() : ScenarioFixture("ru");
