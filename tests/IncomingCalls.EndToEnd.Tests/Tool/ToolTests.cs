using IncomingCalls.EndToEnd.Tests.Desk;

namespace IncomingCalls.EndToEnd.Tests.Tool;

/// <summary>The command line rings a desk.</summary>
public sealed class ToolTests(WebhookDesk desk) : IClassFixture<WebhookDesk>
{
    [Fact]
    public async Task Simulate_AScriptWithQuirks_IsOnTheDesk()
    {
        var script = Path.GetTempFileName();
        await File.WriteAllTextAsync(script, "70000000201 offer pickUp\n70000000202 offer hungUp\n70000000203 offer declined\n");
        try
        {
            var (code, output) = await ToolRun.RunAsync(
                "simulate", "--script", script, "--quirk", "hangup", "wrong-from", "duplicates", "errors", "--resend-after", "50ms", "--webhook", desk.Url, "--webhook-token", WebhookDesk.Token);

            code.Should().Be(0, output);
            (await desk.Process.RowsAsync("calls")).Where(row => row.ChatId!.StartsWith("7000000020", StringComparison.Ordinal))
                .Select(row => (row.ChatId, row.Outcome)).Should().BeEquivalentTo(
                    [("70000000201@c.us", "Answered"), ("70000000202@c.us", "Dropped"), ("70000000203@c.us", "Missed")]);
        }
        finally
        {
            File.Delete(script);
        }
    }

    [Fact]
    public async Task Send_OfferAndOutcome_AreOneCall()
    {
        foreach (var status in new[] { "offer", "declined" })
        {
            var (code, output) = await ToolRun.RunAsync("send", status, "--call-id", "sent", "--webhook", desk.Url, "--webhook-token", WebhookDesk.Token);
            code.Should().Be(0, output);
        }

        (await desk.Process.RowsAsync("calls", "sent")).Should().ContainSingle(row => row.Outcome == "Missed");
    }
}
