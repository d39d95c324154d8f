using Microsoft.Extensions.Logging;

namespace IncomingCalls.Sqlite.Tests.Hosting;

/// <summary>A logger that fails when the inbox says something.</summary>
internal sealed class ThrowingLogger : ILoggerProvider, ILogger
{
    public bool IsThrowing { get; set; }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsThrowing)
        {
            throw new IOException("No space left on device.");
        }
    }

    public void Dispose() => IsThrowing = false;
}
