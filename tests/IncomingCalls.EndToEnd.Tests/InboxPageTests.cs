using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.Processes;

namespace IncomingCalls.EndToEnd.Tests;

/// <summary>The administration of the inbox. Each test has its own call or unreadable body.</summary>
public sealed class InboxPageTests(InboxPageFixture desk) : IClassFixture<InboxPageFixture>
{
    [Fact]
    public async Task Quarantine_UnreadableNotification_IsListedReplayedAndPurged()
    {
        const string body = "{ replayed";

        (await desk.PostAsync(body)).Should().Be(200);
        var item = (await ListQuarantineAsync(body)).Should().ContainSingle().Subject;
        item["reason"]!.GetValue<string>().Should().Be("NotANotification");
        (await desk.Process.Http.GetStringAsync($"/api/quarantine/{item["id"]}")).Should().Be(body);

        (await desk.Process.Http.PostAsync($"/api/quarantine/{item["id"]}/replay", null)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        await Eventually.HoldsAsync(async () => (await ListQuarantineAsync(body)).Should().ContainSingle().Which["id"]!.GetValue<long>().Should().BeGreaterThan(item["id"]!.GetValue<long>()));

        var replayed = (await ListQuarantineAsync(body)).Single();
        (await desk.Process.Http.DeleteAsync($"/api/quarantine/{replayed["id"]}")).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await desk.Process.Http.DeleteAsync($"/api/quarantine/{replayed["id"]}")).StatusCode.Should().Be(HttpStatusCode.NotFound);
        (await ListQuarantineAsync(body)).Should().BeEmpty();
    }

    [Fact]
    public async Task DeadLetters_HandlerNeverSucceeds_AreListedAndReplayedAfterRepair()
    {
        desk.ExecuteSql("ALTER TABLE Records RENAME TO HiddenRecords");
        (await desk.PostAsync(NotificationJson.CreateCall(1101000001, "dead", "declined"))).Should().Be(200);

        await Eventually.HoldsAsync(async () => (await ListDeadLettersAsync("dead")).Should().ContainSingle());
        var letter = (await ListDeadLettersAsync("dead")).Single();
        letter["handler"]!.GetValue<string>().Should().Contain("DeskRecorder");
        letter["attempts"]!.GetValue<int>().Should().Be(2);
        (await desk.Process.GetHandledRowsAsync("events", "dead")).Should().ContainSingle("the other handlers are independent of the one that failed");

        desk.ExecuteSql("ALTER TABLE HiddenRecords RENAME TO Records");
        (await desk.Process.Http.PostAsync($"/api/dead-letters/{letter["id"]}/replay", null)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        await Eventually.HoldsAsync(async () => (await desk.Process.GetHandledRowsAsync("records", "dead")).Should().ContainSingle().Which.Label.Should().Be("MissedCall"));
        (await ListDeadLettersAsync("dead")).Should().BeEmpty();
        (await desk.Process.GetHandledRowsAsync("events", "dead")).Should().ContainSingle("a replay runs only the handler of the dead letter");
    }

    [Fact]
    public async Task Actions_CrossSiteRequest_AreRefused()
    {
        const string body = "{ cross-site";
        await desk.PostAsync(body);
        var id = (await ListQuarantineAsync(body)).Single()["id"];
        using var request = new HttpRequestMessage(HttpMethod.Delete, $"/api/quarantine/{id}");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");

        (await desk.Process.Http.SendAsync(request)).StatusCode.Should().Be(HttpStatusCode.Forbidden);

        (await ListQuarantineAsync(body)).Should().ContainSingle();
    }

    [Fact]
    public async Task Page_InBothLanguages_IsServed()
    {
        (await desk.Process.Http.GetStringAsync("/inbox")).Should().Contain("Dead letters").And.Contain("<html lang=\"en\">");
        (await desk.Process.Http.GetStringAsync("/inbox?lang=ru")).Should().Contain("<html lang=\"ru\">");
        (await desk.Process.Http.GetStringAsync("/texts.js")).Should().Contain("Карантин");
    }

    private async Task<JsonObject[]> ListQuarantineAsync(string body)
    {
        var sha256 = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        return [.. (await ListAsync("quarantine")).Where(item => sha256.Equals((string)item["sha256"]!, StringComparison.OrdinalIgnoreCase))];
    }

    private async Task<JsonObject[]> ListDeadLettersAsync(string callId) =>
        [.. (await ListAsync("dead-letters")).Where(letter => ((string)letter["eventId"]!).Contains($"/{callId}/", StringComparison.Ordinal))];

    private async Task<JsonObject[]> ListAsync(string list) => (await desk.Process.Http.GetFromJsonAsync<JsonObject[]>($"/api/{list}"))!;
}

/// <summary>A desk with a short retry delay.</summary>
public sealed class InboxPageFixture : WebhookFixture
{
    protected override Dictionary<string, string> Settings { get; } = new()
    {
        ["IncomingCalls:Webhook:Tokens:0"] = Token,
        ["IncomingCalls:RetryDelays:0"] = "00:00:00.1",
    };
}
