using IncomingCalls.Cli.Output;
using IncomingCalls.Cli.Tests.Hosting;

namespace IncomingCalls.Cli.Tests.Simulate;

public sealed class SimulationDisplayTests
{
    [Fact]
    public async Task Display_AtTheEnd_ShowsInstancesRecentLinesAndTotals()
    {
        await using var host = await WebhookServer.StartAsync();
        using var script = new TemporaryFile("70000000101 offer pickUp");
        using var screen = new StringWriter();
        using var complaints = new StringWriter();
        var terminal = new Terminal { Out = screen, Error = complaints, IsInteractive = true, Time = TimeProvider.System };

        var code = await Tool.RunAsync(["simulate", "--script", script.FullName, "--webhook", host.Url, "--instances", "7"], terminal);

        code.Should().Be(ExitCode.Success);
        complaints.ToString().Should().BeEmpty();
        var picture = screen.ToString();
        picture.Should().Contain("instance 1101000005 with").And.NotContain("instance 1101000006 with").And.Contain("and 2 more instances");
        picture.Should().Contain("pickUp of 70000000101@c.us").And.Contain("2 sent, 2 acknowledged, 0 waiting, 0 attempts refused");
    }
}
