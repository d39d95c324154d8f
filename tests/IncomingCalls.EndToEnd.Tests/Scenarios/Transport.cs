namespace IncomingCalls.EndToEnd.Tests.Scenarios;

public enum Transport
{
    Webhook,
    Polling,
}
