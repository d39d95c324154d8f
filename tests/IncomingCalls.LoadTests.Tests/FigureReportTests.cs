using System.Text.Json;

namespace IncomingCalls.LoadTests.Tests;

public class FigureReportTests
{
    private static readonly Figure Met = Figure.FromSample("parse.bytes", Budget.AtMost(450, unit: "bytes"), [269, 270, 271], "233 bytes of JSON");
    private static readonly Figure Missed = Figure.FromSample("webhook.sqlite.vs_bare", Budget.AtLeast(0.30, goal: 0.40), [0.19, 0.20, 0.21], "");
    private static readonly Figure Refused = Figure.FromSample("poll.idle", Budget.AtMost(1.25), [0.5, 1.0, 1.5], "");

    [Fact]
    public async Task WriteAsync_Figures_ContainsValueBudgetAndVerdict()
    {
        using var output = new MemoryStream();

        await FigureReport.WriteAsync([Met, Missed, Refused], output);

        using var document = JsonDocument.Parse(output.ToArray());
        var met = document.RootElement.GetProperty("parse.bytes");
        met.GetProperty("value").GetDouble().Should().Be(270);
        met.GetProperty("unit").GetString().Should().Be("bytes");
        met.GetProperty("budget").GetString().Should().Be("≤ 450 bytes");
        met.GetProperty("verdict").GetString().Should().Be("met");
        met.TryGetProperty("goal", out _).Should().BeFalse();
        var missed = document.RootElement.GetProperty("webhook.sqlite.vs_bare");
        missed.GetProperty("verdict").GetString().Should().Be("missed");
        missed.GetProperty("goal").GetDouble().Should().Be(0.40);
        missed.GetProperty("goalReached").GetBoolean().Should().BeFalse();
        document.RootElement.GetProperty("poll.idle").GetProperty("verdict").GetString().Should().Be("refused");
    }

    [Fact]
    public void DetermineExitCode_AllMet_IsZero() => ((int)FigureReport.DetermineExitCode([Met])).Should().Be(0);

    [Fact]
    public void DetermineExitCode_OneRefused_IsTwo() => ((int)FigureReport.DetermineExitCode([Met, Refused])).Should().Be(2);

    [Fact]
    public void DetermineExitCode_OneMissed_IsOneEvenBesideARefusedFigure() => ((int)FigureReport.DetermineExitCode([Met, Refused, Missed])).Should().Be(1);
}
