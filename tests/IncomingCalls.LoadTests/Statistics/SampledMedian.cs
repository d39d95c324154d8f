namespace IncomingCalls.LoadTests;

/// <summary>The median of a sample, such as the ratios of neighbouring slices of baseline and subject, and the confidence interval of the median.</summary>
internal sealed class SampledMedian
{
    /// <summary>The widest spread, as a part of the median, with which the median is meaningful.</summary>
    private const double MaxSpread = 0.25;

    /// <summary>The minimum of values; fewer could agree by accident.</summary>
    private const int MinCount = 3;

    private SampledMedian(double[] sorted)
    {
        Count = sorted.Length;
        Median = MedianOf(sorted);
        // The ranks between which the true median lies with a probability of 95 %, for any distribution (binomial, approximated). A few slices that
        // were disturbed by other load on the machine change neither these ranks nor the median.
        var reach = 0.98 * Math.Sqrt(Count);
        Low = sorted[Math.Max(0, (int)Math.Floor((Count / 2.0) - reach))];
        High = sorted[Math.Min(Count - 1, (int)Math.Ceiling((Count / 2.0) + reach))];
    }

    /// <summary>The number of values.</summary>
    public int Count { get; }

    public double Median { get; }

    /// <summary>The lower end of the spread.</summary>
    public double Low { get; }

    /// <summary>The upper end of the spread.</summary>
    public double High { get; }

    /// <summary>
    /// Whether the median is meaningful: the spread is narrow, or lies entirely on one side of the budget. The latter is for percentiles, which
    /// spread widely on any machine.
    /// </summary>
    public bool IsConclusiveFor(Budget budget) =>
        Count >= MinCount && (High - Low <= MaxSpread * Median || budget.IsMetBy(Low) == budget.IsMetBy(High));

    /// <param name="values">The values, in any order.</param>
    /// <exception cref="ArgumentException">There are no values, or one of them is negative or not a finite number.</exception>
    public static SampledMedian From(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length > 0 && Array.TrueForAll(sorted, double.IsFinite) && sorted[0] >= 0
            ? new(sorted)
            : throw new ArgumentException("A median needs finite numbers that are not negative.", nameof(values));
    }

    private static double MedianOf(double[] sorted)
    {
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
