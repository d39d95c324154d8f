using System.Globalization;

namespace IncomingCalls.LoadTests;

/// <summary>One result of a measurement: a line of the table in docs/performance.md.</summary>
internal sealed class Figure
{
    /// <summary>The name: that of the measurement, or that name with a suffix if the measurement has several figures.</summary>
    public required string Name { get; init; }

    public required double Value { get; init; }

    public required Budget Budget { get; init; }

    /// <summary>The sample whose median is the value; null for a figure that is counted, or is the worst of all rounds.</summary>
    public SampledMedian? Sample { get; init; }

    /// <summary>The absolute numbers behind a ratio, as text.</summary>
    public string Detail { get; init; } = "";

    public Verdict Verdict =>
        Sample?.IsConclusiveFor(Budget) == false ? Verdict.Refused
        : Budget.IsMetBy(Value) ? Verdict.Met
        : Verdict.Missed;

    /// <summary>Creates a figure whose value is the median of a sample.</summary>
    public static Figure FromSample(string name, Budget budget, IEnumerable<double> sample, string detail)
    {
        var median = SampledMedian.From(sample);
        return new() { Name = name, Value = median.Median, Budget = budget, Sample = median, Detail = detail };
    }

    /// <summary>Formats the line to print. Name and value come first, so that programs can read them.</summary>
    public override string ToString()
    {
        var verdict = Verdict switch
        {
            Verdict.Met => "met",
            Verdict.Missed => "MISSED",
            _ => "REFUSED, the spread is too wide",
        };
        var goal = Budget.Goal is { } bound ? string.Create(CultureInfo.InvariantCulture, $", goal {bound} {(Budget.IsGoalReachedBy(Value) ? "reached" : "not reached")}") : "";
        var spread = Sample is null ? "" : string.Create(CultureInfo.InvariantCulture, $"; spread {Sample.Low:0.00}…{Sample.High:0.00} of {Sample.Count}");
        return $"{Name}: {Budget.Format(Value)} (budget {Budget}: {verdict}{goal}{spread}{(Detail.Length > 0 ? "; " : "")}{Detail})";
    }
}

/// <summary>Whether a figure meets its budget.</summary>
internal enum Verdict
{
    /// <summary>The budget is met.</summary>
    Met = 0,

    /// <summary>The budget is missed.</summary>
    Missed,

    /// <summary>The spread is too wide to say whether the budget is met.</summary>
    Refused,
}
