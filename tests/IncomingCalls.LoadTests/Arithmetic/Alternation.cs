using System.Diagnostics;

namespace IncomingCalls.LoadTests;

/// <summary>Times two pieces of code in turn, in slices so short that whatever disturbs the machine disturbs both or few.</summary>
internal static class Alternation
{
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(1);

    /// <summary>Long enough for the compiler to have compiled both for good.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1.5);

    /// <summary>Nanoseconds per call, in pairs.</summary>
    public static IReadOnlyList<(double Baseline, double Subject)> Run(Action baseline, Action subject, TimeSpan time)
    {
        var (baselineCalls, subjectCalls) = (Calibrate(baseline), Calibrate(subject));
        List<(double, double)> pairs = [];
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < time;)
        {
            pairs.Add((TimeOf(baseline, baselineCalls), TimeOf(subject, subjectCalls)));
        }

        return pairs;
    }

    /// <summary>How many calls a slice takes.</summary>
    private static int Calibrate(Action action)
    {
        var calls = 1;
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < WarmUp;)
        {
            calls = Math.Max(1, (int)(Slice.TotalNanoseconds / TimeOf(action, calls)));
        }

        return calls;
    }

    private static double TimeOf(Action action, int calls)
    {
        var started = Stopwatch.GetTimestamp();
        for (var i = 0; i < calls; i++)
        {
            action();
        }

        return Stopwatch.GetElapsedTime(started).TotalNanoseconds / calls;
    }
}
