using System.Globalization;

namespace IncomingCalls.AdapterTests.Hosting;

/// <summary>A clock that runs faster than real time, so that every duration is divided by a factor. Thread-safe.</summary>
internal sealed class FastTimeProvider(int factor) : TimeProvider
{
    private readonly DateTimeOffset _start = System.GetUtcNow();

    public override DateTimeOffset GetUtcNow() => _start + ((System.GetUtcNow() - _start) * factor);

    public override long TimestampFrequency => System.TimestampFrequency / factor;

    public override long GetTimestamp() => System.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => new FastTimer(factor, callback, state, dueTime, period);

    /// <summary>A function of PostgreSQL that returns the time of this clock.</summary>
    /// <param name="schema">The schema of the function.</param>
    public string CreateFunction(string schema)
    {
        var start = string.Create(CultureInfo.InvariantCulture, $"timestamptz '{_start.UtcDateTime:yyyy-MM-dd HH:mm:ss.ffffff}+00'");
        return string.Create(CultureInfo.InvariantCulture, $"""
            CREATE SCHEMA {schema};
            CREATE FUNCTION {schema}.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS $$ SELECT {start} + (pg_catalog.clock_timestamp() - {start}) * {factor} $$;
            """);
    }

    private sealed class FastTimer(int factor, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) : ITimer
    {
        private readonly ITimer _timer = System.CreateTimer(callback, state, Divide(factor, dueTime), Divide(factor, period));

        public bool Change(TimeSpan dueTime, TimeSpan period) => _timer.Change(Divide(factor, dueTime), Divide(factor, period));

        public void Dispose() => _timer.Dispose();

        public ValueTask DisposeAsync() => _timer.DisposeAsync();

        // A timer has whole milliseconds; a period of zero would be none.
        private static TimeSpan Divide(int factor, TimeSpan time) => time <= TimeSpan.Zero ? time : TimeSpan.FromMilliseconds(Math.Ceiling(time.TotalMilliseconds / factor));
    }
}
