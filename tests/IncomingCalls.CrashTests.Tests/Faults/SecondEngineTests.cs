using System.Net;
using System.Net.Http.Headers;

namespace IncomingCalls.CrashTests.Tests.Faults;

public class SecondEngineTests
{
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

        desk.Ring();
        await desk.UntilRefusedAsync(second, times: 1);
        (await PostAsync(desk, address!)).Should().Be(HttpStatusCode.ServiceUnavailable);
        second.Log.Should().ContainSingle(line => line.StartsWith("Warning 4000 ", StringComparison.Ordinal)).Which.Should().Contain("in use by another process");

        first.Kill();
        await first.WaitAsync();
        desk.Note(first);
        await desk.UntilHandledAsync(second);
        await desk.EndWellAsync(second);
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
