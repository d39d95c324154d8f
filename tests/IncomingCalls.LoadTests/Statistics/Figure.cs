using System.Globalization;
using System.Text.Json;

namespace IncomingCalls.LoadTests;

/// <summary>The result of a measurement.</summary>
internal sealed class Figure
{
    public required string Name { get; init; }

    public required double Value { get; init; }

    public required Goal Goal { get; init; }

    /// <summary>The pairs whose median is the value; null for a figure that is counted and not timed.</summary>
    public Ratio? Ratio { get; init; }

    /// <summary>The absolute numbers behind the ratio, as text.</summary>
    public string Detail { get; init; } = "";

    /// <summary>Whether the spread is too wide for the value to be meaningful.</summary>
    public bool IsInconclusive => Ratio?.IsConclusiveFor(Goal) == false;

    public static Figure FromRatio(string name, Goal goal, Ratio ratio, string detail) =>
        new() { Name = name, Value = ratio.Median, Goal = goal, Ratio = ratio, Detail = detail };

    /// <summary>Formats the line to print. Name and value come first, so that programs can read them.</summary>
    public override string ToString()
    {
        var spread = Ratio is null ? "" : string.Create(CultureInfo.InvariantCulture, $"spread {Ratio.Low:0.00}…{Ratio.High:0.00}, {Ratio.Pairs} pairs; ");
        var verdict = IsInconclusive ? "REFUSED: the spread is too wide" : Goal.IsMetBy(Value) ? "met" : "missed";
        return string.Create(CultureInfo.InvariantCulture, $"{Name}: {Value:0.00} ({spread}goal {Goal}: {verdict}; {Detail})");
    }
}

/// <summary>The goal of a figure: a minimum or a maximum.</summary>
/// <param name="Bound">The bound.</param>
/// <param name="IsMinimum">Whether the bound is a minimum; otherwise it is a maximum.</param>
internal readonly record struct Goal(double Bound, bool IsMinimum)
{
    public static Goal AtLeast(double bound) => new(bound, IsMinimum: true);

    public static Goal AtMost(double bound) => new(bound, IsMinimum: false);

    public bool IsMetBy(double value) => IsMinimum ? value >= Bound : value <= Bound;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsMinimum ? '≥' : '≤')} {Bound}");
}

/// <summary>Writes the figures as JSON, for programs.</summary>
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
