using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.Processes;

namespace IncomingCalls.EndToEnd.Tests.Cluster;

/// <summary>Nodes that would not be one desk do not start.</summary>
public sealed class ClusterStartTests
{
    [Fact]
    public async Task Start_RedisWithoutPostgres_ExitsWithAnError() =>
        (await RunToRefusalAsync(new() { ["IncomingCalls:Webhook:Tokens:0"] = "Bearer start" })).Should().Contain("ConnectionStrings:Desk must name a PostgreSQL");

    [Fact]
    public async Task Start_RedisWithOnlyTheDemo_ExitsWithAnError() =>
        (await RunToRefusalAsync(new() { ["ConnectionStrings:Desk"] = "Host=127.0.0.1;Database=desk" })).Should().Contain("nothing but a demonstration");

    private static async Task<string> RunToRefusalAsync(Dictionary<string, string> settings)
    {
        using var folder = new DeskFolder();
        settings["Orleans:Redis"] = "127.0.0.1:1";
        await using var desk = SampleProcess.Start(DeskProcess.Program, folder.Path, settings);
        (await desk.WaitForExitAsync()).Should().NotBe(0);
        return desk.Output;
    }
}
