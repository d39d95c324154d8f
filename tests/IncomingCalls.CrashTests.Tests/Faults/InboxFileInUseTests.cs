using System.Net;
using System.Net.Http.Headers;

namespace IncomingCalls.CrashTests.Tests.Faults;

public class InboxFileInUseTests
{
    /// <summary>The second host polls every second. The rest is a margin for a machine that is busy with other tests.</summary>
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(10);

    [UnixFact]
    public async Task Start_FileInUseWithoutLockTimeout_ExitsWithAnErrorAndTheFirstHostContinues()
    {
        await using var environment = await FaultEnvironment.StartAsync();
        await using var first = await environment.StartListeningAsync();
        await using var second = environment.Start();

        await second.WaitForExitAsync().WaitAsync(FaultEnvironment.WaitLimit);

        second.ExitCode.Should().NotBe(0);
        second.IsKilled.Should().BeFalse();
        string.Join(' ', second.Log).Should().Contain("is in use by another process").And.Contain("IncomingCalls:Sqlite:Path");
        environment.PlaceMissedCalls();
        await environment.WaitUntilAcknowledgedAsync(first);
        await environment.StopAndCheckAsync(first);
    }

    [UnixFact]
    public async Task Start_FileInUse_RefusesUntilTheFirstHostIsKilledAndThenTakesOver()
    {
        await using var environment = await FaultEnvironment.StartAsync();
        await using var first = await environment.StartListeningAsync();
        environment.PlaceMissedCalls();
        await environment.WaitUntilAcknowledgedAsync(first);
        await using var second = environment.Start(lockTimeout: FaultEnvironment.WaitLimit);
        var address = await second.Address.WaitAsync(FaultEnvironment.WaitLimit);

        // The paused host holds the file and does nothing, so whatever is received from now on is received by the second host.
        first.Pause();
        environment.Gateway.SetWebhookHost(address!);
        environment.PlaceMissedCalls();
        await environment.WaitUntilRefusedAsync(second, times: 10);
        (await PostAsync(environment, address!)).Should().Be(HttpStatusCode.ServiceUnavailable);
        second.Log.Should().ContainSingle(line => line.StartsWith("Warning 4000 ", StringComparison.Ordinal)).Which.Should().Contain("in use by another process");

        FaultEnvironment.CountLogLines(second, "Error 3016 ").Should().Be(0, "a poller of the second host would take notifications that only the first can store");

        first.Kill();
        await first.WaitForExitAsync();
        environment.RecordEnd(first);
        var killed = TimeProvider.System.GetTimestamp();
        await FaultEnvironment.WaitUntilLoggedAsync(second, "Information 4001 ");
        TimeProvider.System.GetElapsedTime(killed).Should().BeLessThan(MaxDelay);
        await environment.WaitUntilAcknowledgedAsync(second);
        await environment.StopAndCheckAsync(second);
    }

    [UnixFact]
    public async Task Start_FileInUseBeyondLockTimeout_ExitsWithAnError()
    {
        await using var environment = await FaultEnvironment.StartAsync();
        await using var first = await environment.StartListeningAsync();
        await using var second = environment.Start(lockTimeout: TimeSpan.FromSeconds(1));
        (await second.Address.WaitAsync(FaultEnvironment.WaitLimit)).Should().NotBeNull("the host listens while it waits");

        await second.WaitForExitAsync().WaitAsync(FaultEnvironment.WaitLimit);

        second.ExitCode.Should().NotBe(0, "a supervisor must be able to distinguish it from a host that was asked to stop");
        second.IsKilled.Should().BeFalse();
        second.Log.Should().ContainSingle(line => line.StartsWith("Critical 4002 ", StringComparison.Ordinal)).Which
            .Should().Contain("is in use by another process").And.Contain("IncomingCalls:Sqlite:Path");
        environment.Gateway.SetWebhookHost((await first.Address)!);
        environment.PlaceMissedCalls();
        await environment.WaitUntilAcknowledgedAsync(first);
        await environment.StopAndCheckAsync(first);
    }

    private static async Task<HttpStatusCode> PostAsync(FaultEnvironment environment, Uri host)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host, "/webhooks/green-api"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", environment.Gateway.Token);
        request.Content = new ReadOnlyMemoryContent(environment.Gateway.WebhookInstance.History[0].Body);
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
