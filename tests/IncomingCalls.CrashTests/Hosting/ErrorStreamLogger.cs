using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.CrashTests;

/// <summary>
/// Writes each log entry to the error stream, as a line with a timestamp of the clock of the effects, before the call returns, so that a kill
/// loses none.
/// </summary>
internal sealed class ErrorStreamLogger : ILoggerProvider, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        Console.Error.WriteLine($"{logLevel} {eventId.Id} {formatter(state, exception)}{(exception is null ? "" : $" {exception.GetType().Name}: {exception.Message}")} @{Stopwatch.GetTimestamp()}".ReplaceLineEndings(" "));

    public void Dispose()
    {
    }
}
