using System.Globalization;
using System.Text.Json;

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

/// <summary>What a figure should be: at least, or at most.</summary>
/// <param name="Bound">The number.</param>
/// <param name="IsMinimum">Whether the figure should not be below it; otherwise not above.</param>
internal readonly record struct Goal(double Bound, bool IsMinimum)
{
    public static Goal AtLeast(double bound) => new(bound, IsMinimum: true);

    public static Goal AtMost(double bound) => new(bound, IsMinimum: false);

    public bool IsMetBy(double value) => IsMinimum ? value >= Bound : value <= Bound;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsMinimum ? '≥' : '≤')} {Bound}");
}

/// <summary>The figures for programs.</summary>
internal static class FigureReport
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true };

    public static async Task WriteAsync(IEnumerable<Figure> figures, Stream output)
    {
        await using var writer = new Utf8JsonWriter(output, Indented);
        writer.WriteStartObject();
        foreach (var figure in figures)
        {
            writer.WriteStartObject(figure.Name);
            writer.WriteNumber("value", figure.Value);
            if (figure.Ratio is { } ratio)
            {
                writer.WriteNumber("low", ratio.Low);
                writer.WriteNumber("high", ratio.High);
                writer.WriteNumber("pairs", ratio.Pairs);
            }

            writer.WriteBoolean("refused", figure.IsInconclusive);
            writer.WriteString("goal", figure.Goal.ToString());
            writer.WriteBoolean("met", !figure.IsInconclusive && figure.Goal.IsMetBy(figure.Value));
            writer.WriteString("detail", figure.Detail);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }
}
