using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.Processes;

namespace IncomingCalls.EndToEnd.Tests.Cluster;

/// <summary>A node with settings that are not valid for a cluster does not start.</summary>
public sealed class ClusterStartTests
{
    [Fact]
    public async Task Start_RedisWithoutPostgres_ExitsWithAnError() =>
        (await RunUntilExitAsync(new() { ["IncomingCalls:Webhook:Tokens:0"] = "Bearer start" })).Should().Contain("ConnectionStrings:Desk must name a PostgreSQL");

    [Fact]
    public async Task Start_RedisWithOnlyTheDemo_ExitsWithAnError() =>
        (await RunUntilExitAsync(new() { ["ConnectionStrings:Desk"] = "Host=127.0.0.1;Database=desk" })).Should().Contain("the desk is in demo mode");

    private static async Task<string> RunUntilExitAsync(Dictionary<string, string> settings)
    {
        using var folder = new DeskFolder();
        settings["Orleans:Redis"] = "127.0.0.1:1";
        await using var desk = SampleProcess.Start(DeskProcess.Program, folder.Path, settings);
        (await desk.WaitForExitAsync()).Should().NotBe(0);
        return desk.Output;
    }
}
