using System.Text.Json;

namespace IncomingCalls.LoadTests;

/// <summary>The result of a run, for programs: all figures as JSON, and the exit code.</summary>
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
            writer.WriteString("unit", figure.Budget.Unit);
            if (figure.Sample is { } sample)
            {
                writer.WriteNumber("low", sample.Low);
                writer.WriteNumber("high", sample.High);
                writer.WriteNumber("count", sample.Count);
            }

            writer.WriteString("budget", figure.Budget.ToString());
            writer.WriteString("verdict", figure.Verdict switch
            {
                Verdict.Met => "met",
                Verdict.Missed => "missed",
                _ => "refused",
            });
            if (figure.Budget.Goal is { } goal)
            {
                writer.WriteNumber("goal", goal);
                writer.WriteBoolean("goalReached", figure.Budget.IsGoalReachedBy(figure.Value));
            }

            writer.WriteString("detail", figure.Detail);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    /// <summary>Determines the exit code. A missed budget outweighs a refused figure, since only the first is certain.</summary>
    public static ExitCode DetermineExitCode(IReadOnlyCollection<Figure> figures) =>
        figures.Any(figure => figure.Verdict == Verdict.Missed) ? ExitCode.BudgetMissed
        : figures.Any(figure => figure.Verdict == Verdict.Refused) ? ExitCode.Inconclusive
        : ExitCode.BudgetsMet;
}

/// <summary>The exit codes of the program.</summary>
internal enum ExitCode
{
    /// <summary>Every figure meets its budget. Goals do not count.</summary>
    BudgetsMet = 0,

    /// <summary>At least one figure misses its budget.</summary>
    BudgetMissed = 1,

    /// <summary>No figure misses its budget, but at least one is refused; or the command line is invalid.</summary>
    Inconclusive = 2,
}
