using System.Collections.Concurrent;
using IncomingCalls.Fakes.Crm;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.AdapterTests.Tests.Adapter;

/// <summary>The log of the adapter of docs/adapters.md, at the lowest level.</summary>
public class SecrecyTests
{
    [Fact]
    public async Task Log_RequestsFailInEveryWay_HasNeitherTokensNorPhoneNumbers()
    {
        using var logs = new RecordingLogs();
        await using var fixture = await AdapterFixture.StartAsync(logs: logs);
        List<string?> secrets = ["calls-application-secret", "70000000101", fixture.World.Table.FindTokens("first")!.AccessToken, fixture.World.Table.FindTokens("first")!.RefreshToken];
        fixture.World.Time.Advance(fixture.Portal.Options.AccessTokenLifetime);
        foreach (var fault in Enum.GetValues<CrmFault>().Where(fault => fault != CrmFault.SlowAnswer))
        {
            fixture.Portal.FailNext(fault);
        }

        await fixture.CallAsync("missed");
        await fixture.FinishAsync();
        fixture.Portal.RevokeTokens();
        await fixture.CallAsync("pickUp", "B");
        await fixture.World.AdvanceAsync(TimeSpan.FromMinutes(1));

        var tokens = fixture.World.Table.FindTokens("first")!;
        secrets.AddRange([tokens.AccessToken, tokens.RefreshToken]);
        secrets.Distinct().Should().HaveCount(6, "the tokens were refreshed");
        logs.Lines.Should().Contain(line => line.Contains("The portal answered 500.", StringComparison.Ordinal));
        logs.Lines.Should().NotContain(line => secrets.Any(secret => line.Contains(secret!, StringComparison.OrdinalIgnoreCase)));
    }

    private sealed class RecordingLogs : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull
        {
            Lines.Enqueue($"{state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
