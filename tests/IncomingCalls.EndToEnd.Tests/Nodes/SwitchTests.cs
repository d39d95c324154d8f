using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.EndToEnd.Tests.Tool;
using IncomingCalls.Processes;

namespace IncomingCalls.EndToEnd.Tests.Nodes;

/// <summary>From one process to several nodes, as docs/scaling-out.md describes it.</summary>
public sealed class SwitchTests
{
    [PostgresFact]
    public async Task Switch_DrainedFileThenPostgres_ContinuesTheCalls()
    {
        using var folder = new DeskFolder();
        var file = Path.Combine(folder.Path, "data", "calls.db");
        await using (var desk = await DeskProcess.StartAsync(folder, new Dictionary<string, string> { ["IncomingCalls:Webhook:Tokens:0"] = DeskNodes.Token }))
        {
            // As long as the recorder fails, its delivery is pending.
            folder.ExecuteSql("CREATE TRIGGER refuse BEFORE INSERT ON Records BEGIN SELECT RAISE(ABORT, 'refused by the test'); END");
            (await desk.PostAsync(NotificationJson.CreateCall(DeskNodes.IdInstance, "ringing", "offer"), DeskNodes.Token)).Should().Be(200);
            (await ToolRun.RunAsync("inbox", "drained", file)).ExitCode.Should().Be(7);

            folder.ExecuteSql("DROP TRIGGER refuse");
            var (code, output) = await ToolRun.RunAsync("inbox", "drained", file, "--wait", "50s");
            code.Should().Be(0, output);
            output.Should().Contain("drained       yes: nothing is pending");
            (await desk.GetRowsAsync("records")).Should().ContainSingle(row => row.Label == "IncomingCall");
        }

        await using var nodes = await DeskNodes.StartAsync(1);
        (await nodes[0].PostAsync(NotificationJson.CreateCall(DeskNodes.IdInstance, "ringing", "declined"), DeskNodes.Token)).Should().Be(200);

        await Eventually.HoldsAsync(async () => (await nodes[0].GetRowsAsync("records")).Should().ContainSingle(row => row.Label == "MissedCall"));
    }
}
