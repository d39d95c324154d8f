using System.Net;
using System.Net.Http.Headers;

namespace IncomingCalls.CrashTests.Tests.Faults;

public class SecondEngineTests
{
    /// <summary>The second looks every second. The rest is for a machine that is busy with other tests.</summary>
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(10);

    [UnixFact]
    public async Task Start_FileInUseAndNoTimeToWait_EndsWithASentenceAndDisturbsNobody()
    {
        await using var desk = await FaultDesk.StartAsync();
        await using var first = await desk.StartListeningAsync();
        await using var second = desk.Start();

        await second.WaitAsync().WaitAsync(FaultDesk.Limit);

        second.ExitCode.Should().NotBe(0);
        second.IsKilled.Should().BeFalse();
        string.Join(' ', second.Log).Should().Contain("is in use by another process").And.Contain("IncomingCalls:Sqlite:Path");
        desk.Ring();
        await desk.UntilHandledAsync(first);
        await desk.EndWellAsync(first);
    }

    [UnixFact]
    public async Task Start_FileInUse_RefusesUntilTheFirstIsKilledAndThenTakesOver()
    {
        await using var desk = await FaultDesk.StartAsync();
        await using var first = await desk.StartListeningAsync();
        desk.Ring();
        await desk.UntilHandledAsync(first);
        await using var second = desk.Start(lockWait: FaultDesk.Limit);
        var address = await second.Address.WaitAsync(FaultDesk.Limit);

        // It holds the file, and does nothing: whatever is received now, the second has received.
        first.Pause();
        desk.Gateway.PostTo(address!);
        desk.Ring();
        await desk.UntilRefusedAsync(second, times: 10);
        (await PostAsync(desk, address!)).Should().Be(HttpStatusCode.ServiceUnavailable);
        second.Log.Should().ContainSingle(line => line.StartsWith("Warning 4000 ", StringComparison.Ordinal)).Which.Should().Contain("in use by another process");

        FaultDesk.LinesOf(second, "Error 3016 ").Should().Be(0, "a poller of the second would take away what the first can keep");

        first.Kill();
        await first.WaitAsync();
        desk.Note(first);
        var killed = TimeProvider.System.GetTimestamp();
        await FaultDesk.UntilLoggedAsync(second, "Information 4001 ");
        TimeProvider.System.GetElapsedTime(killed).Should().BeLessThan(Moment);
        await desk.UntilHandledAsync(second);
        await desk.EndWellAsync(second);
    }

    [UnixFact]
    public async Task Start_FileStaysInUse_WaitsAndEndsWithASentence()
    {
        await using var desk = await FaultDesk.StartAsync();
        await using var first = await desk.StartListeningAsync();
        await using var second = desk.Start(lockWait: TimeSpan.FromSeconds(1));
        (await second.Address.WaitAsync(FaultDesk.Limit)).Should().NotBeNull("it listens while it waits");

        await second.WaitAsync().WaitAsync(FaultDesk.Limit);

        second.ExitCode.Should().NotBe(0, "whoever watches it should not take it for a host that was asked to stop");
        second.IsKilled.Should().BeFalse();
        second.Log.Should().ContainSingle(line => line.StartsWith("Critical 4002 ", StringComparison.Ordinal)).Which
            .Should().Contain("is in use by another process").And.Contain("IncomingCalls:Sqlite:Path");
        desk.Gateway.PostTo((await first.Address)!);
        desk.Ring();
        await desk.UntilHandledAsync(first);
        await desk.EndWellAsync(first);
    }

    private static async Task<HttpStatusCode> PostAsync(FaultDesk desk, Uri host)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host, "/webhooks/green-api"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", desk.Gateway.Token);
        request.Content = new ReadOnlyMemoryContent(desk.Gateway.Posting.History[0].Body);
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
