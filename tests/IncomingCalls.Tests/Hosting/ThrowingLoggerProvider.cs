using Microsoft.Extensions.Logging;

namespace IncomingCalls.Tests.Hosting;

/// <summary>A logger that throws for every warning and error, such as one that writes to a full disk.</summary>
internal sealed class ThrowingLoggerProvider : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            throw new IOException("No space left on device");
        }
    }

    public void Dispose()
    {
    }
}
