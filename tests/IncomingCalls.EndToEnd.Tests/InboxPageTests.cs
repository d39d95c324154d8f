using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.Processes;

namespace IncomingCalls.EndToEnd.Tests;

public sealed class InboxPageTests
{
    private const string Token = "Bearer inbox-token";

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["IncomingCalls:Webhook:Tokens:0"] = Token,
        ["IncomingCalls:RetryDelays:0"] = "00:00:00.1",
    };

    [Fact]
    public async Task Quarantine_UnreadableNotification_IsListedReplayedAndPurged()
    {
        using var folder = new DeskFolder();
        await using var desk = await DeskProcess.StartAsync(folder, Settings);

        (await desk.PostAsync("{ no json", Token)).Should().Be(200);
        var item = (await ListAsync(desk, "quarantine")).Should().ContainSingle().Subject;
        item["reason"]!.GetValue<string>().Should().Be("NotANotification");
        (await desk.Http.GetStringAsync($"/api/quarantine/{item["id"]}")).Should().Be("{ no json");

        (await desk.Http.PostAsync($"/api/quarantine/{item["id"]}/replay", null)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        await Eventually.HoldsAsync(async () => (await ListAsync(desk, "quarantine")).Should().ContainSingle().Which["id"]!.GetValue<long>().Should().BeGreaterThan(item["id"]!.GetValue<long>()));
        var again = (await ListAsync(desk, "quarantine")).Single();

        (await desk.Http.DeleteAsync($"/api/quarantine/{again["id"]}")).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await desk.Http.DeleteAsync($"/api/quarantine/{again["id"]}")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await ListAsync(desk, "quarantine")).Should().BeEmpty();
    }

    [Fact]
    public async Task DeadLetters_HandlerNeverSucceeds_AreListedAndReplayedAfterRepair()
    {
        using var folder = new DeskFolder();
        await using var desk = await DeskProcess.StartAsync(folder, Settings);
        folder.ExecuteSql("ALTER TABLE Records RENAME TO HiddenRecords");

        (await desk.PostAsync(NotificationJson.CreateCall(1101000001, "dead", "declined"), Token)).Should().Be(200);
        await Eventually.HoldsAsync(async () => (await ListAsync(desk, "dead-letters")).Should().ContainSingle());
        var letter = (await ListAsync(desk, "dead-letters")).Single();
        letter["handler"]!.GetValue<string>().Should().Contain("DeskRecorder");
        letter["attempts"]!.GetValue<int>().Should().Be(2);
        (await desk.GetHandledRowsAsync("events", "dead")).Should().ContainSingle("the other handlers are independent of the one that failed");

        folder.ExecuteSql("ALTER TABLE HiddenRecords RENAME TO Records");
        (await desk.Http.PostAsync($"/api/dead-letters/{letter["id"]}/replay", null)).StatusCode.Should().Be(HttpStatusCode.NoContent);

        await Eventually.HoldsAsync(async () => (await desk.GetHandledRowsAsync("records", "dead")).Should().ContainSingle().Which.Label.Should().Be("MissedCall"));
        (await ListAsync(desk, "dead-letters")).Should().BeEmpty();
        (await desk.GetHandledRowsAsync("events", "dead")).Should().ContainSingle("a replay runs only the handler of the dead letter");
    }

    [Fact]
    public async Task Actions_CrossSiteRequest_AreRefused()
    {
        using var folder = new DeskFolder();
        await using var desk = await DeskProcess.StartAsync(folder, Settings);
        await desk.PostAsync("{ no json", Token);
        var id = (await ListAsync(desk, "quarantine")).Single()["id"];
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"/api/quarantine/{id}");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");

        (await desk.Http.SendAsync(request)).StatusCode.Should().Be(HttpStatusCode.Forbidden);

        (await ListAsync(desk, "quarantine")).Should().ContainSingle();
    }

    [Fact]
    public async Task Page_InBothLanguages_IsServed()
    {
        using var folder = new DeskFolder();
        await using var desk = await DeskProcess.StartAsync(folder, Settings);

        (await desk.Http.GetStringAsync("/inbox")).Should().Contain("Dead letters").And.Contain("<html lang=\"en\">");
        (await desk.Http.GetStringAsync("/inbox?lang=ru")).Should().Contain("<html lang=\"ru\">");
        (await desk.Http.GetStringAsync("/texts.js")).Should().Contain("Карантин");
    }

    private static async Task<JsonObject[]> ListAsync(DeskProcess desk, string list) => (await desk.Http.GetFromJsonAsync<JsonObject[]>($"/api/{list}"))!;
}
