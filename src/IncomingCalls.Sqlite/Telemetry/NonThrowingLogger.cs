using Microsoft.Extensions.Logging;

namespace IncomingCalls.Sqlite.Telemetry;

/// <summary>
/// A logger that never throws. One that writes to a file does when the disk is full, which is when this inbox has the most to say, and
/// on the writer's thread an exception would end the process.
/// </summary>
internal sealed class NonThrowingLogger(ILogger logger) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => logger.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => logger.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            logger.Log(logLevel, eventId, state, exception, formatter);
        }
        catch (Exception)
        {
            // There is nobody left to tell.
        }
    }
}
