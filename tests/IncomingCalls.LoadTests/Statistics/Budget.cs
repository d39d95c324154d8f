using System.Globalization;

namespace IncomingCalls.LoadTests;

/// <summary>What a figure has to meet: a minimum or a maximum, and optionally a goal beyond it.</summary>
internal sealed record Budget
{
    private Budget()
    {
    }

    /// <summary>The required minimum or maximum.</summary>
    public required double Bound { get; init; }

    /// <summary>What is aimed for, in the direction of the bound; null for nothing beyond the bound.</summary>
    public required double? Goal { get; init; }

    /// <summary>Whether bound and goal are minima; otherwise they are maxima.</summary>
    public required bool IsMinimum { get; init; }

    /// <summary>The unit of the figure; empty for a ratio.</summary>
    public required string Unit { get; init; }

    public static Budget AtLeast(double bound, double? goal = null, string unit = "") => new() { Bound = bound, Goal = goal, IsMinimum = true, Unit = unit };

    public static Budget AtMost(double bound, double? goal = null, string unit = "") => new() { Bound = bound, Goal = goal, IsMinimum = false, Unit = unit };

    public bool IsMetBy(double value) => IsWithin(value, Bound);

    /// <summary>Whether a value reaches the goal. Without a goal, none does.</summary>
    public bool IsGoalReachedBy(double value) => Goal is { } goal && IsWithin(value, goal);

    /// <summary>Formats the bound without the goal.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsMinimum ? '≥' : '≤')} {Bound}{Suffix}");

    /// <summary>Formats a value with its unit.</summary>
    public string Format(double value) => string.Create(CultureInfo.InvariantCulture, $"{value:0.00}{Suffix}");

    private string Suffix => Unit.Length > 0 ? $" {Unit}" : "";

    private bool IsWithin(double value, double limit) => IsMinimum ? value >= limit : value <= limit;
}
