using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.Processes;

namespace IncomingCalls.EndToEnd.Tests;

/// <summary>Marking unanswered calls as called back.</summary>
public sealed class CallbackTests
{
    private const long Instance = 1101000001;
    private const string Token = "Bearer callback-token";

    private static readonly Dictionary<string, string> Settings = new() { ["IncomingCalls:Webhook:Tokens:0"] = Token };

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

        await using var again = await DeskProcess.StartAsync(folder, Settings);
        var marks = (await again.Http.GetFromJsonAsync<JsonObject[]>("/api/callbacks"))!.ToDictionary(mark => (string)mark["id"]!);
        marks[$"{Instance}/A1"]["calledBackAt"].Should().NotBeNull();
        marks[$"{Instance}/A2"]["calledBackAt"].Should().BeNull();
    }

    [Fact]
    public async Task CalledBack_UnknownCall_AnswersNotFound()
    {
        using var folder = new DeskFolder();
        await using var desk = await DeskProcess.StartAsync(folder, Settings);

        (await desk.Http.PostAsync($"/api/called-back/{Instance}/unknown", null)).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task CalledBack_CrossSiteRequest_IsRefused()
    {
        using var folder = new DeskFolder();
        await using var desk = await DeskProcess.StartAsync(folder, Settings);
        await PostMissedCallAsync(desk, "A1");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/called-back/{Instance}/A1");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");

        (await desk.Http.SendAsync(request)).StatusCode.Should().Be(HttpStatusCode.Forbidden);

        (await desk.Http.GetFromJsonAsync<JsonObject[]>("/api/callbacks")).Should().BeEmpty();
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
        using var folder = new DeskFolder();
        await using var desk = await DeskProcess.StartAsync(folder, Settings);
        await PostMissedCallAsync(desk, "A1");

        (await desk.GetHandledRowsAsync($"records?callerOf={Instance}/A1")).Should().ContainSingle();
        (await desk.GetHandledRowsAsync($"records?callerOf={Instance}/unknown")).Should().BeEmpty();
    }

    private static async Task PostMissedCallAsync(DeskProcess desk, string callId)
    {
        (await desk.PostAsync(NotificationJson.CreateCall(Instance, callId, "declined"), Token)).Should().Be(200);
        await Eventually.HoldsAsync(async () => (await desk.GetHandledRowsAsync("calls", callId)).Should().ContainSingle());
    }
}
