using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace IncomingCalls.CrashTests.Desk;

/// <summary>
/// The places where a host can be told to die, between the receipt of a notification and its end. All of them are seams that the
/// product has anyway: spans, an instrument, a filter, a decorated inbox, the end of a response.
/// </summary>
internal sealed class DeathPoints : IDisposable
{
    /// <summary>All of them, in the order in which a notification passes them.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Reading, Storing, Committed, Stored, Answered, Handling, Handled, Deleting, Deleted];

    public const string Reading = "reading";
    public const string Storing = "storing";
    public const string Committed = "committed";
    public const string Stored = "stored";
    public const string Answered = "answered";
    public const string Handling = "handling";
    public const string Handled = "handled";
    public const string Deleting = "deleting";
    public const string Deleted = "deleted";

    private readonly ActivityListener _spans;
    private readonly MeterListener _instruments = new();
    private readonly string? _dieAt;
    private int _left;

    public DeathPoints(DeskSettings settings)
    {
        _dieAt = settings.DieAt;
        _left = settings.DieAtCount;
        _spans = new()
        {
            ShouldListenTo = source => source.Name.StartsWith("IncomingCalls", StringComparison.Ordinal),
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = span => Pass(IsDeletion(span) ? Deleting : span.OperationName == "incoming_calls.accept" ? Reading : ""),
            ActivityStopped = span => Pass(IsDeletion(span) ? Deleted : ""),
        };
        ActivitySource.AddActivityListener(_spans);
        _instruments.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "incoming_calls.inbox.commit.duration")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _instruments.SetMeasurementEventCallback<double>((_, _, _, _) => Pass(Committed));
        _instruments.Start();
    }

    /// <summary>Dies here, if this is the place and the time.</summary>
    public void Pass(string point)
    {
        if (point == _dieAt && Interlocked.Decrement(ref _left) == 0)
        {
            // SIGKILL: nothing is flushed, disposed or finished.
            Process.GetCurrentProcess().Kill();
            new ManualResetEvent(initialState: false).WaitOne();
        }
    }

    public void Dispose()
    {
        _spans.Dispose();
        _instruments.Dispose();
    }

    private static bool IsDeletion(Activity span) => span.OperationName.Contains("deleteNotification", StringComparison.Ordinal)
        || span.DisplayName.Contains("deleteNotification", StringComparison.Ordinal);
}
