namespace IncomingCalls.LoadTests;

/// <summary>
/// Drives servers until their rates are stable. Each server is idle while another one receives load: on a busy core the thread of the JIT
/// compiler gets little time, and without these pauses a server ran on code of the first tier for half a minute.
/// </summary>
internal sealed class WarmUp
{
    private WarmUp(int windows, bool isStable)
    {
        Windows = windows;
        IsStable = isStable;
    }

    /// <summary>The number of windows of each load.</summary>
    public int Windows { get; }

    /// <summary>Whether all rates became stable; otherwise the warm-up ended at its maximum of windows.</summary>
    public bool IsStable { get; }

    /// <summary>Runs loads in turn, one window each, until the rates of all are stable at the same time.</summary>
    /// <param name="maxWindows">The maximum number of windows of each load, for machines on which a rate never becomes stable.</param>
    /// <param name="loads">Run one window, and return its rate.</param>
    public static async Task<WarmUp> RunAsync(int maxWindows, params IReadOnlyList<Func<Task<double>>> loads)
    {
        RateWindows[] rates = [.. loads.Select(_ => new RateWindows())];
        var windows = 0;
        while (windows < maxWindows && !Array.TrueForAll(rates, rate => rate.IsStable))
        {
            for (var i = 0; i < loads.Count; i++)
            {
                rates[i].Add(await loads[i]());
            }

            windows++;
        }

        return new(windows, Array.TrueForAll(rates, rate => rate.IsStable));
    }

    /// <summary>Formats the warm-up as part of the detail of a figure.</summary>
    public override string ToString() => IsStable ? $"warm-up of {Windows} windows" : $"rates not stable after a warm-up of {Windows} windows";
}
