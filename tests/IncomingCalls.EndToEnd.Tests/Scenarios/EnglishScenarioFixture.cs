namespace IncomingCalls.EndToEnd.Tests.Scenarios;

public sealed class EnglishScenarioFixture() : ScenarioFixture("en");
