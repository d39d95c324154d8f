using System.Diagnostics;

namespace IncomingCalls.LoadTests;

/// <summary>Times two actions alternately, in slices so short that a disturbance of the machine affects both, or only a few slices.</summary>
internal static class AlternatingTimer
{
    private static readonly TimeSpan SliceDuration = TimeSpan.FromMilliseconds(1);

    /// <summary>Long enough for both to reach the last compilation tier.</summary>
    private static readonly TimeSpan WarmUpDuration = TimeSpan.FromSeconds(1.5);

    /// <summary>Measures the nanoseconds per call of both actions, in pairs.</summary>
    public static IReadOnlyList<(double Baseline, double Subject)> Measure(Action baseline, Action subject, TimeSpan time)
    {
        var (baselineCalls, subjectCalls) = (Calibrate(baseline), Calibrate(subject));
        List<(double, double)> pairs = [];
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < time;)
        {
            pairs.Add((MeasureCall(baseline, baselineCalls), MeasureCall(subject, subjectCalls)));
        }

        return pairs;
    }

    /// <summary>Determines the number of calls of a slice.</summary>
    private static int Calibrate(Action action)
    {
        var calls = 1;
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < WarmUpDuration;)
        {
            calls = Math.Max(1, (int)(SliceDuration.TotalNanoseconds / MeasureCall(action, calls)));
        }

        return calls;
    }

    private static double MeasureCall(Action action, int calls)
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++)
        {
            action();
        }

        return Stopwatch.GetElapsedTime(started).TotalNanoseconds / calls;
    }
}
