using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.Processes;

namespace IncomingCalls.EndToEnd.Tests;

/// <summary>What operators say of the calls that nobody answered.</summary>
public sealed class CallbackTests
{
    private const long Instance = 1101000001;
    private const string Token = "Bearer callback-token";

    private static readonly Dictionary<string, string> Settings = new() { ["IncomingCalls:Webhook:Tokens:0"] = Token };

    [Fact]
    public async Task CalledBack_SaidAndTakenBack_IsKeptOverARestart()
    {
        using var folder = new DeskFolder();
        await using (var desk = await DeskProcess.StartAsync(folder, Settings))
        {
            await MissAsync(desk, "A1");
            await MissAsync(desk, "A2");

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
    public async Task CalledBack_OfACallThatIsNotThere_IsNotFound()
    {
        using var folder = new DeskFolder();
        await using var desk = await DeskProcess.StartAsync(folder, Settings);

        (await desk.Http.PostAsync($"/api/called-back/{Instance}/nobody", null)).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task CalledBack_PressedByAnotherSite_DoesNothing()
    {
        using var folder = new DeskFolder();
        await using var desk = await DeskProcess.StartAsync(folder, Settings);
        await MissAsync(desk, "A1");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/called-back/{Instance}/A1");
        request.Headers.Add("Sec-Fetch-Site", "cross-site");

        (await desk.Http.SendAsync(request)).StatusCode.Should().Be(HttpStatusCode.Forbidden);

        (await desk.Http.GetFromJsonAsync<JsonObject[]>("/api/callbacks")).Should().BeEmpty();
    }

    [Fact]
    public async Task CalledBack_InADatabaseOfAnEarlierDesk_WorksAndKeepsItsCalls()
    {
        using var folder = new DeskFolder();
        await using (var desk = await DeskProcess.StartAsync(folder, Settings))
        {
            await MissAsync(desk, "A1");
        }

        folder.Sql("DROP TABLE Callbacks; DROP INDEX IX_Calls_ChatId; DROP INDEX IX_Records_ChatId");

        await using var later = await DeskProcess.StartAsync(folder, Settings);
        (await later.Http.PostAsync($"/api/called-back/{Instance}/A1", null)).StatusCode.Should().Be(HttpStatusCode.NoContent);
        (await later.RowsAsync("calls")).Should().ContainSingle().Which.CallId.Should().Be("A1");
    }

    [Fact]
    public async Task Lists_OfOneCaller_LeaveTheOthersOut()
    {
        using var folder = new DeskFolder();
        await using var desk = await DeskProcess.StartAsync(folder, Settings);
        await MissAsync(desk, "A1");

        (await desk.RowsAsync($"records?callerOf={Instance}/A1")).Should().ContainSingle();
        (await desk.RowsAsync($"records?callerOf={Instance}/unknown")).Should().BeEmpty();
    }

    private static async Task MissAsync(DeskProcess desk, string callId)
    {
        (await desk.PostAsync(Wire.Call(Instance, callId, "declined"), Token)).Should().Be(200);
        await Eventually.HoldsAsync(async () => (await desk.RowsAsync("calls", callId)).Should().ContainSingle());
    }
}
