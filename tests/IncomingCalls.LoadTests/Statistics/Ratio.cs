namespace IncomingCalls.LoadTests;

/// <summary>A ratio measured in pairs: its median, and the confidence interval of the median.</summary>
internal sealed class Ratio
{
    /// <summary>The widest spread, as a part of the median, with which the median is meaningful.</summary>
    private const double MaxSpread = 0.25;

    /// <summary>The minimum of pairs; fewer could agree by accident.</summary>
    private const int MinPairs = 3;

    private Ratio(double[] sorted)
    {
        Pairs = sorted.Length;
        Median = MedianOf(sorted);
        // The ranks between which the true median lies with a probability of 95 %, for any distribution (binomial, approximated). A few slices that
        // were disturbed by other load on the machine change neither these ranks nor the median.
        var reach = 0.98 * Math.Sqrt(Pairs);
        Low = sorted[Math.Max(0, (int)Math.Floor((Pairs / 2.0) - reach))];
        High = sorted[Math.Min(Pairs - 1, (int)Math.Ceiling((Pairs / 2.0) + reach))];
    }

    public int Pairs { get; }

    public double Median { get; }

    /// <summary>The lower end of the spread.</summary>
    public double Low { get; }

    /// <summary>The upper end of the spread.</summary>
    public double High { get; }

    /// <summary>The width of the spread as a part of the median.</summary>
    public double Spread => (High - Low) / Median;

    /// <summary>
    /// Whether the median is meaningful: the spread is narrow, or lies entirely on one side of the goal. The latter is for percentiles, which spread
    /// widely on any machine.
    /// </summary>
    public bool IsConclusiveFor(Goal goal) => Pairs >= MinPairs && (Spread <= MaxSpread || goal.IsMetBy(Low) == goal.IsMetBy(High));

    /// <param name="pairs">One ratio per pair of neighbouring slices, in any order.</param>
    /// <exception cref="ArgumentException">There are no pairs, or a ratio is not a positive number.</exception>
    public static Ratio FromPairs(IEnumerable<double> pairs)
    {
        double[] sorted = [.. pairs.Order()];
        return sorted.Length > 0 && Array.TrueForAll(sorted, double.IsFinite) && sorted[0] > 0
            ? new(sorted)
            : throw new ArgumentException("A ratio needs pairs of positive numbers.", nameof(pairs));
    }

    private static double MedianOf(double[] sorted)
    {
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
