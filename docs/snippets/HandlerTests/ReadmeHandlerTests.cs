using System.Collections.Concurrent;
using IncomingCalls;
using IncomingCalls.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Xunit;

namespace HandlerTests;

/// <summary>The handler in README.md asks once to ring a caller back, whatever the order and the delay of the events.</summary>
public sealed class ReadmeHandlerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("readme-tests-");
    private readonly RecordingLoggerProvider _log = new();
    private readonly GatedNames _names = new();

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        _log.Dispose();
    }

    [Theory]
    [InlineData(CallEventKind.Missed, true)]
    [InlineData(CallEventKind.Dropped, true)]
    [InlineData(CallEventKind.Offered, false)]
    [InlineData(CallEventKind.Answered, false)]
    [InlineData(CallEventKind.OutcomeUnknown, false)]
    public async Task HandleAsync_CallWasMissedMeanwhile_DecidesByTheKindOfTheEvent(CallEventKind kind, bool isLogged)
    {
        var missed = CallEvents.Missed();
        var callEvent = new CallEvent { Id = $"{missed.Call.Key}/{kind}", Kind = kind, Call = missed.Call, OccurredAt = missed.OccurredAt, ReceivedAt = missed.ReceivedAt };

        await new MissedCalls(new Logger<MissedCalls>(new LoggerFactory([_log]))).HandleAsync(callEvent, CancellationToken.None);

        Assert.Equal(isLogged ? 1 : 0, _log.RingBackCount);
    }

    // Every event waits for the caller's name here, so the call is ahead of the first one when it is handled.
    [Theory]
    [InlineData(1, "offer", "declined")]
    [InlineData(1, "declined", "offer")]
    [InlineData(1, "offer", "missed", "declined")]
    [InlineData(1, "offer", "hungUp")]
    [InlineData(0, "offer", "pickUp")]
    [InlineData(0, "pickUp", "offer")]
    public async Task Notifications_LateAndReordered_AskOnceToRingBack(int count, params string[] statuses)
    {
        using var host = await StartHostAsync();

        foreach (var status in statuses)
        {
            await host.Services.GetRequiredService<ICallIntake>().AcceptAsync(CreateNotification(status));
        }

        Assert.Equal(0, _log.RingBackCount);
        _names.Found.SetResult();
        await host.WaitUntilIdleAsync();

        Assert.Equal(count, _log.RingBackCount);
        await host.StopAsync();
    }

    private async Task<IHost> StartHostAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.AddProvider(_log);
        builder.Services.AddSingleton(_names);
        builder.Services.AddIncomingCalls(options => options.CallerNameWait = TimeSpan.FromMinutes(1))
            .UseSqliteInbox(Path.Combine(_folder.FullName, "calls.db"))
            .AddCallerNames<GatedNames>()
            .AddHandler<MissedCalls>(handler => handler.WaitForCallerName = true);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static IncomingCallNotification CreateNotification(string status) => new()
    {
        IdMessage = "A",
        Instance = new() { IdInstance = 1101000001, TypeInstance = "whatsapp" },
        RawStatus = status,
        From = ChatId.Parse("70000000101@c.us"),
        Timestamp = TimeProvider.System.GetUtcNow(),
    };

    /// <summary>A resolver that answers when the test lets it.</summary>
    private sealed class GatedNames : ICallerNameResolver
    {
        public TaskCompletionSource Found { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken)
        {
            await Found.Task.WaitAsync(cancellationToken);
            return new() { Name = "Ivan", Source = "test" };
        }
    }

    /// <summary>Counts the messages of the handler.</summary>
    private sealed class RecordingLoggerProvider : ILoggerProvider, ILogger
    {
        private readonly ConcurrentQueue<string> _messages = new();

        public int RingBackCount => _messages.Count(message => message.Contains("ring", StringComparison.Ordinal) && message.EndsWith("back", StringComparison.Ordinal));

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _messages.Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
