namespace IncomingCalls.AotSmoke.Tests;

internal sealed record ProcessRun(int ExitCode, string Output);
