namespace IncomingCalls.Orleans.Tests.Hosting;

internal sealed record NodeName(string Value);
