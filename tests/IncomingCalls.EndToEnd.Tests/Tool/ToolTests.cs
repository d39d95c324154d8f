
namespace IncomingCalls.EndToEnd.Tests.Tool;

/// <summary>The command line tool sends calls to a desk.</summary>
public sealed class ToolTests(WebhookFixture desk) : IClassFixture<WebhookFixture>
{
    [Fact]
    public async Task Simulate_ScriptWithQuirks_ShowsTheCalls()
    {
        var script = Path.GetTempFileName();
        await File.WriteAllTextAsync(script, "70000000201 offer pickUp\n70000000202 offer hungUp\n70000000203 offer declined\n");
        try
        {
            var (code, output) = await ToolRun.RunAsync(
                "simulate", "--script", script, "--quirk", "hangup", "wrong-from", "duplicates", "errors", "--resend-after", "50ms", "--webhook", desk.Url, "--webhook-token", WebhookFixture.Token);

            code.Should().Be(0, output);
            (await desk.Process.GetHandledRowsAsync("calls")).Where(row => row.ChatId!.StartsWith("7000000020", StringComparison.Ordinal))
                .Select(row => (row.ChatId, row.Outcome)).Should().BeEquivalentTo(
                    [("70000000201@c.us", "Answered"), ("70000000202@c.us", "Dropped"), ("70000000203@c.us", "Missed")]);
        }
        finally
        {
            File.Delete(script);
        }
    }

    [Fact]
    public async Task Send_OfferAndOutcome_CreateOneCall()
    {
        foreach (var status in new[] { "offer", "declined" })
        {
            var (code, output) = await ToolRun.RunAsync("send", status, "--call-id", "sent", "--webhook", desk.Url, "--webhook-token", WebhookFixture.Token);
            code.Should().Be(0, output);
        }

        (await desk.Process.GetHandledRowsAsync("calls", "sent")).Should().ContainSingle(row => row.Outcome == "Missed");
    }
}
