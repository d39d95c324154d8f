namespace IncomingCalls.EndToEnd.Tests.Scenarios;

public sealed class EnglishDesk() : ScenarioDesk("en");
