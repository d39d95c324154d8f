using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.Processes;

namespace IncomingCalls.EndToEnd.Tests;

/// <summary>The callers to call back. Tests that share the desk have their own calls; those that restart it have their own desk.</summary>
public sealed class CallbackTests(WebhookFixture shared) : IClassFixture<WebhookFixture>
{
    private const long Instance = 1101000001;

    private static readonly Dictionary<string, string> Settings = new() { ["IncomingCalls:Webhook:Tokens:0"] = WebhookFixture.Token };

    [Fact]
    public async Task Callbacks_SeveralCallers_AreListedOldestFirstWithTheirCalls()
    {
        const string Anna = "70000000121@c.us";
        const string Boris = "70000000122@c.us";
        await PostMissedCallAsync(shared.Process, "list-1", Anna, TimeSpan.FromHours(30));
        await PostMissedCallAsync(shared.Process, "list-2", Boris, TimeSpan.FromHours(20));
        await PostMissedCallAsync(shared.Process, "list-3", Anna, TimeSpan.FromHours(10));

        var listed = (await shared.Process.GetCallbacksAsync()).Where(callback => (string)callback["chatId"]! is Anna or Boris).ToArray();

        listed.Select(callback => ((string)callback["chatId"]!, (string)callback["callId"]!, (int)callback["count"]!, (int)callback["attempts"]!))
            .Should().Equal((Anna, "list-3", 2, 0), (Boris, "list-2", 1, 0));
        ((DateTimeOffset)listed[0]["lastMissedAt"]! - (DateTimeOffset)listed[0]["firstMissedAt"]!).Should().BeCloseTo(TimeSpan.FromHours(20), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task CalledBack_OneOfTwo_StaysClosedAfterARestart()
    {
        using var folder = new DeskFolder();
        await using (var desk = await DeskProcess.StartAsync(folder, Settings))
        {
            await PostMissedCallAsync(desk, "A1", "70000000101@c.us");
            await PostMissedCallAsync(desk, "A2", "70000000102@c.us");
            var closed = (await desk.GetCallbacksAsync()).Single(callback => (string)callback["callId"]! == "A1");
            (await desk.CloseCallbackAsync(closed)).Should().Be(HttpStatusCode.NoContent);
            (await desk.CloseCallbackAsync(closed)).Should().Be(HttpStatusCode.NotFound, "nothing is open any more");
        }

        await using var restarted = await DeskProcess.StartAsync(folder, Settings);
        (await restarted.GetCallbacksAsync()).Should().ContainSingle().Which["callId"]!.GetValue<string>().Should().Be("A2");
    }

    [Fact]
    public async Task CalledBack_CallerCallsAgain_IsListedAgain()
    {
        const string From = "70000000123@c.us";
        await PostMissedCallAsync(shared.Process, "again-1", From, TimeSpan.FromMinutes(2));
        (await shared.Process.CloseCallbackAsync(await FindAsync(From))).Should().Be(HttpStatusCode.NoContent);

        // By the clock of the gateway after the closing, whose time has fractions of a second.
        await PostMissedCallAsync(shared.Process, "again-2", From, -TimeSpan.FromSeconds(2));

        ((int)(await FindAsync(From))["count"]!).Should().Be(1);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    public async Task CalledBack_NoPerson_AnswersBadRequest(string json)
    {
        using var body = new StringContent(json, Encoding.UTF8, "application/json");

        (await shared.Process.Http.PostAsync("/api/called-back", body)).StatusCode.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task CalledBack_CrossSiteRequest_IsRefused()
    {
        const string From = "70000000124@c.us";
        await PostMissedCallAsync(shared.Process, "cross-site", From);
        var callback = await FindAsync(From);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/called-back") { Content = JsonContent.Create(callback["person"]) };
        request.Headers.Add("Sec-Fetch-Site", "cross-site");

        (await shared.Process.Http.SendAsync(request)).StatusCode.Should().Be(HttpStatusCode.Forbidden);

        ((int)(await FindAsync(From))["count"]!).Should().Be(1);
    }

    [Fact]
    public async Task Start_DatabaseOfAnEarlierVersion_WorksAndPreservesItsCalls()
    {
        using var folder = new DeskFolder();
        await using (var desk = await DeskProcess.StartAsync(folder, Settings))
        {
            await PostMissedCallAsync(desk, "A1");
        }

        folder.ExecuteSql("CREATE TABLE Callbacks (Id TEXT PRIMARY KEY); DROP TABLE Alerts; DROP INDEX IX_Calls_ChatId; DROP INDEX IX_Records_ChatId");

        await using var later = await DeskProcess.StartAsync(folder, Settings);
        (await later.GetHandledRowsAsync("calls")).Should().ContainSingle().Which.CallId.Should().Be("A1");
        (await later.GetHandledRowsAsync("alerts")).Should().BeEmpty();
        (await later.GetCallbacksAsync()).Should().ContainSingle();
    }

    [Fact]
    public async Task Lists_FilteredByCaller_OmitOtherCallers()
    {
        await PostMissedCallAsync(shared.Process, "by-caller-1", from: "70000000111@c.us");
        await PostMissedCallAsync(shared.Process, "by-caller-2", from: "70000000112@c.us");

        (await shared.Process.GetHandledRowsAsync($"records?callerOf={Instance}/by-caller-1")).Should().ContainSingle().Which.CallId.Should().Be("by-caller-1");
        (await shared.Process.GetHandledRowsAsync($"records?callerOf={Instance}/unknown")).Should().BeEmpty();
    }

    private async Task<JsonObject> FindAsync(string chatId) =>
        (await shared.Process.GetCallbacksAsync()).Should().ContainSingle(callback => (string)callback["chatId"]! == chatId).Subject;

    private static async Task PostMissedCallAsync(DeskProcess desk, string callId, string from = NotificationJson.Caller, TimeSpan age = default)
    {
        (await desk.PostAsync(NotificationJson.CreateCall(Instance, callId, "declined", age, from), $"Bearer {WebhookFixture.Token}")).Should().Be(200);
        await Eventually.HoldsAsync(async () => (await desk.GetHandledRowsAsync("calls", callId)).Should().ContainSingle());
    }
}
