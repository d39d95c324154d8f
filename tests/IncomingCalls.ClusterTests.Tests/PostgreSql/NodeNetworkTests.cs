using System.Diagnostics;
using IncomingCalls.ClusterTests.Tests.Running;

namespace IncomingCalls.ClusterTests.Tests.PostgreSql;

[Collection(CampaignCollectionDefinition.Name)]
public class NodeNetworkTests
{
    [NetworkFact]
    public async Task SetLink_Down_NodeIsNotReachedUntilItIsUp()
    {
        using var network = NodeNetwork.Create();
        var address = network.AddNode(1);
        (await PingAsync(address)).Should().BeTrue();

        network.SetLink(1, isUp: false);
        (await PingAsync(address)).Should().BeFalse();

        network.SetLink(1, isUp: true);
        (await PingAsync(address)).Should().BeTrue();
    }

    [NetworkFact]
    public async Task Create_AProcessThatWasKilledHasLeftANetwork_DeletesIt()
    {
        var deadProcess = await RunAsync("true");
        var (left, own) = ($"ict{deadProcess}n1", $"ict{Environment.ProcessId}n9999");
        await RunAsync("ip", "netns", "add", left);
        await RunAsync("ip", "link", "add", $"ict{deadProcess}b2", "type", "bridge");
        await RunAsync("ip", "netns", "add", own);
        try
        {
            using (NodeNetwork.Create())
            {
            }

            File.Exists($"/run/netns/{left}").Should().BeFalse();
            Directory.Exists($"/sys/class/net/ict{deadProcess}b2").Should().BeFalse();
            File.Exists($"/run/netns/{own}").Should().BeTrue("its process is running");
        }
        finally
        {
            await RunAsync("ip", "netns", "del", own);
        }
    }

    [NetworkFact]
    public void Dispose_Network_LeavesNothing()
    {
        var before = Directory.GetDirectories("/sys/class/net").Length;
        using (var network = NodeNetwork.Create())
        {
            network.AddNode(1);
            Directory.GetDirectories("/sys/class/net").Length.Should().BeGreaterThan(before);
        }

        Directory.GetDirectories("/sys/class/net").Select(Path.GetFileName).Should().NotContain(name => name!.StartsWith($"ict{Environment.ProcessId}", StringComparison.Ordinal));
    }

    private static async Task<bool> PingAsync(string address)
    {
        using var ping = new System.Net.NetworkInformation.Ping();
        var reply = await ping.SendPingAsync(address, TimeSpan.FromSeconds(1));
        return reply.Status == System.Net.NetworkInformation.IPStatus.Success;
    }

    /// <summary>Runs a command, and returns the id that its process had.</summary>
    private static async Task<int> RunAsync(string command, params string[] arguments)
    {
        using var process = Process.Start(command, arguments);
        await process.WaitForExitAsync();
        process.ExitCode.Should().Be(0, "{0} should succeed", command);
        return process.Id;
    }
}
