using System.Globalization;

namespace IncomingCalls.LoadTests;

/// <summary>What a measurement found.</summary>
internal sealed class Figure
{
    public required string Name { get; init; }

    public required double Value { get; init; }

    public required Goal Goal { get; init; }

    /// <summary>The pairs that it is the median of; null for what is counted and not timed.</summary>
    public Ratio? Ratio { get; init; }

    /// <summary>The absolute numbers behind the ratio, for a person.</summary>
    public string Detail { get; init; } = "";

    /// <summary>Whether the spread is too wide for the value to mean anything.</summary>
    public bool IsInconclusive => Ratio?.IsConclusiveFor(Goal) == false;

    public static Figure FromRatio(string name, Goal goal, Ratio ratio, string detail) =>
        new() { Name = name, Value = ratio.Median, Goal = goal, Ratio = ratio, Detail = detail };

    /// <summary>The line that is printed: name and value first, for programs.</summary>
    public override string ToString()
    {
        var spread = Ratio is null ? "" : string.Create(CultureInfo.InvariantCulture, $"spread {Ratio.Low:0.00}…{Ratio.High:0.00}, {Ratio.Pairs} pairs; ");
        var verdict = IsInconclusive ? "REFUSED: the spread is too wide" : Goal.IsMetBy(Value) ? "met" : "missed";
        return string.Create(CultureInfo.InvariantCulture, $"{Name}: {Value:0.00} ({spread}goal {Goal}: {verdict}; {Detail})");
    }
}
