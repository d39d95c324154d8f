using Microsoft.Extensions.Logging;

namespace IncomingCalls.Shared;

/// <summary>
/// A logger that never throws, for the loops of an inbox. A logger that writes to a file throws when the disk is full, which is when an inbox logs
/// most; the exception would end a loop, or leave the result of an attempt unrecorded.
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
            // A failure of the logger cannot be reported to the logger.
        }
    }
}
