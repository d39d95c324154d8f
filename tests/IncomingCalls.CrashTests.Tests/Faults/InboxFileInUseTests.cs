using System.Net;
using System.Net.Http.Headers;

namespace IncomingCalls.CrashTests.Tests.Faults;

public class InboxFileInUseTests
{
    /// <summary>The second looks every second. The rest is for a machine that is busy with other tests.</summary>
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(10);

    [UnixFact]
    public async Task Start_FileInUseWithoutLockTimeout_ExitsWithAnErrorAndTheFirstHostContinues()
    {
        await using var desk = await FaultEnvironment.StartAsync();
        await using var first = await desk.StartListeningAsync();
        await using var second = desk.Start();

        await second.WaitForExitAsync().WaitAsync(FaultEnvironment.WaitLimit);

        second.ExitCode.Should().NotBe(0);
        second.IsKilled.Should().BeFalse();
        string.Join(' ', second.Log).Should().Contain("is in use by another process").And.Contain("IncomingCalls:Sqlite:Path");
        desk.PlaceMissedCalls();
        await desk.WaitUntilHandledAsync(first);
        await desk.StopAndCheckAsync(first);
    }

    [UnixFact]
    public async Task Start_FileInUse_RefusesUntilTheFirstHostIsKilledAndThenTakesOver()
    {
        await using var desk = await FaultEnvironment.StartAsync();
        await using var first = await desk.StartListeningAsync();
        desk.PlaceMissedCalls();
        await desk.WaitUntilHandledAsync(first);
        await using var second = desk.Start(lockWait: FaultEnvironment.WaitLimit);
        var address = await second.Address.WaitAsync(FaultEnvironment.WaitLimit);

        // It holds the file, and does nothing: whatever is received now, the second has received.
        first.Pause();
        desk.Gateway.SetWebhookHost(address!);
        desk.PlaceMissedCalls();
        await desk.WaitUntilRefusedAsync(second, times: 10);
        (await PostAsync(desk, address!)).Should().Be(HttpStatusCode.ServiceUnavailable);
        second.Log.Should().ContainSingle(line => line.StartsWith("Warning 4000 ", StringComparison.Ordinal)).Which.Should().Contain("in use by another process");

        FaultEnvironment.CountLogLines(second, "Error 3016 ").Should().Be(0, "a poller of the second would take away what the first can keep");

        first.Kill();
        await first.WaitForExitAsync();
        desk.RecordEnd(first);
        var killed = TimeProvider.System.GetTimestamp();
        await FaultEnvironment.WaitUntilLoggedAsync(second, "Information 4001 ");
        TimeProvider.System.GetElapsedTime(killed).Should().BeLessThan(MaxDelay);
        await desk.WaitUntilHandledAsync(second);
        await desk.StopAndCheckAsync(second);
    }

    [UnixFact]
    public async Task Start_FileInUseBeyondLockTimeout_ExitsWithAnError()
    {
        await using var desk = await FaultEnvironment.StartAsync();
        await using var first = await desk.StartListeningAsync();
        await using var second = desk.Start(lockWait: TimeSpan.FromSeconds(1));
        (await second.Address.WaitAsync(FaultEnvironment.WaitLimit)).Should().NotBeNull("it listens while it waits");

        await second.WaitForExitAsync().WaitAsync(FaultEnvironment.WaitLimit);

        second.ExitCode.Should().NotBe(0, "whoever watches it should not take it for a host that was asked to stop");
        second.IsKilled.Should().BeFalse();
        second.Log.Should().ContainSingle(line => line.StartsWith("Critical 4002 ", StringComparison.Ordinal)).Which
            .Should().Contain("is in use by another process").And.Contain("IncomingCalls:Sqlite:Path");
        desk.Gateway.SetWebhookHost((await first.Address)!);
        desk.PlaceMissedCalls();
        await desk.WaitUntilHandledAsync(first);
        await desk.StopAndCheckAsync(first);
    }

    private static async Task<HttpStatusCode> PostAsync(FaultEnvironment desk, Uri host)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host, "/webhooks/green-api"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", desk.Gateway.Token);
        request.Content = new ReadOnlyMemoryContent(desk.Gateway.WebhookInstance.History[0].Body);
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
