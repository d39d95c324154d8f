using System.Globalization;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.AspNetCore.Tests.Hosting;

/// <summary>Stores every log entry of every category, including exceptions and structured values.</summary>
internal sealed class LogCapture : ILoggerProvider
{
    private readonly Lock _gate = new();
    private readonly List<LogEntry> _entries = [];
    private readonly List<(int Id, TaskCompletionSource Seen)> _waiting = [];

    public IReadOnlyList<LogEntry> Entries
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries];
            }
        }
    }

    public IReadOnlyList<LogEntry> WithId(int id) => [.. Entries.Where(entry => entry.Id == id && entry.Category.StartsWith("IncomingCalls.", StringComparison.Ordinal))];

    /// <summary>The entries of any category at Warning or above.</summary>
    public IReadOnlyList<LogEntry> Warnings => [.. Entries.Where(entry => entry.Level >= LogLevel.Warning)];

    /// <summary>Waits until an entry with this event id is logged. Call it before the action that triggers it.</summary>
    public Task WaitForAsync(int id)
    {
        lock (_gate)
        {
            if (_entries.Exists(entry => entry.Id == id))
            {
                return Task.CompletedTask;
            }

            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((id, seen));
            return seen.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private void Add(LogEntry entry)
    {
        lock (_gate)
        {
            _entries.Add(entry);
            foreach (var (_, seen) in _waiting.Where(waiting => waiting.Id == entry.Id))
            {
                seen.TrySetResult();
            }
        }
    }

    private sealed class Logger(LogCapture capture, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var values = state is IEnumerable<KeyValuePair<string, object?>> pairs
                ? string.Join(' ', pairs.Select(pair => Convert.ToString(pair.Value, CultureInfo.InvariantCulture)))
                : "";
            capture.Add(new(category, logLevel, eventId.Id, $"{formatter(state, exception)} {values} {exception}"));
        }
    }
}

internal sealed record LogEntry(string Category, LogLevel Level, int Id, string Text);
