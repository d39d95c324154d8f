using System.Diagnostics;

namespace IncomingCalls.LoadTests;

/// <summary>Times two pieces of code in turn, in slices so short that whatever disturbs the machine disturbs both or few.</summary>
internal static class AlternatingTimer
{
    private static readonly TimeSpan SliceDuration = TimeSpan.FromMilliseconds(1);

    /// <summary>Long enough for the compiler to have compiled both for good.</summary>
    private static readonly TimeSpan WarmUpDuration = TimeSpan.FromSeconds(1.5);

    /// <summary>Nanoseconds per call, in pairs.</summary>
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

    /// <summary>How many calls a slice takes.</summary>
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
