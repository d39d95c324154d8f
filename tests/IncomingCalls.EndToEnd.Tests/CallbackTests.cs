using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.Processes;

namespace IncomingCalls.EndToEnd.Tests;

/// <summary>Marking unanswered calls as called back. Tests that share the desk have their own calls; those that restart it have their own desk.</summary>
public sealed class CallbackTests(WebhookFixture shared) : IClassFixture<WebhookFixture>
{
    private const long Instance = 1101000001;

    private static readonly Dictionary<string, string> Settings = new() { ["IncomingCalls:Webhook:Tokens:0"] = WebhookFixture.Token };

    [Fact]
    public async Task CalledBack_MarkedAndUnmarked_SurvivesARestart()
    {
        using var folder = new DeskFolder();
        await using (var desk = await DeskProcess.StartAsync(folder, Settings))
        {
            await PostMissedCallAsync(desk, "A1");
            await PostMissedCallAsync(desk, "A2");
            (await desk.Http.PostAsync($"/api/called-back/{Instance}/A1", null)).StatusCode.Should().Be(HttpStatusCode.NoContent);
            (await desk.Http.PostAsync($"/api/called-back/{Instance}/A2", null)).StatusCode.Should().Be(HttpStatusCode.NoContent);
            (await desk.Http.DeleteAsync($"/api/called-back/{Instance}/A2")).StatusCode.Should().Be(HttpStatusCode.NoContent);
        }

        await using var restarted = await DeskProcess.StartAsync(folder, Settings);
        var marks = (await restarted.Http.GetFromJsonAsync<JsonObject[]>("/api/callbacks"))!.ToDictionary(mark => (string)mark["id"]!);
        marks[$"{Instance}/A1"]["calledBackAt"].Should().NotBeNull();
        marks[$"{Instance}/A2"]["calledBackAt"].Should().BeNull();
    }

    [Fact]
    public async Task CalledBack_UnknownCall_AnswersNotFound() =>
        (await shared.Process.Http.PostAsync($"/api/called-back/{Instance}/unknown", null)).StatusCode.Should().Be(HttpStatusCode.NotFound);

    [Fact]
    public async Task CalledBack_CrossSiteRequest_IsRefused()
    {
        await PostMissedCallAsync(shared.Process, "cross-site");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/called-back/{Instance}/cross-site");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");

        (await shared.Process.Http.SendAsync(request)).StatusCode.Should().Be(HttpStatusCode.Forbidden);

        (await shared.Process.Http.GetFromJsonAsync<JsonObject[]>("/api/callbacks")).Should().NotContain(mark => (string)mark["id"]! == $"{Instance}/cross-site");
    }

    [Fact]
    public async Task CalledBack_DatabaseOfAnEarlierVersion_WorksAndPreservesItsCalls()
    {
        using var folder = new DeskFolder();
        await using (var desk = await DeskProcess.StartAsync(folder, Settings))
        {
            await PostMissedCallAsync(desk, "A1");
        }

        folder.ExecuteSql("DROP TABLE Callbacks; DROP INDEX IX_Calls_ChatId; DROP INDEX IX_Records_ChatId");

        await using var later = await DeskProcess.StartAsync(folder, Settings);
        (await later.Http.PostAsync($"/api/called-back/{Instance}/A1", null)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await later.GetHandledRowsAsync("calls")).Should().ContainSingle().Which.CallId.Should().Be("A1");
    }

    [Fact]
    public async Task Lists_FilteredByCaller_OmitOtherCallers()
    {
        await PostMissedCallAsync(shared.Process, "by-caller-1", from: "70000000111@c.us");
        await PostMissedCallAsync(shared.Process, "by-caller-2", from: "70000000112@c.us");

        (await shared.Process.GetHandledRowsAsync($"records?callerOf={Instance}/by-caller-1")).Should().ContainSingle().Which.CallId.Should().Be("by-caller-1");
        (await shared.Process.GetHandledRowsAsync($"records?callerOf={Instance}/unknown")).Should().BeEmpty();
    }

    private static async Task PostMissedCallAsync(DeskProcess desk, string callId, string from = NotificationJson.Caller)
    {
        (await desk.PostAsync(NotificationJson.CreateCall(Instance, callId, "declined", from: from), $"Bearer {WebhookFixture.Token}")).Should().Be(200);
        await Eventually.HoldsAsync(async () => (await desk.GetHandledRowsAsync("calls", callId)).Should().ContainSingle());
    }
}
