using System.Text.Json;

namespace IncomingCalls.LoadTests;

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
