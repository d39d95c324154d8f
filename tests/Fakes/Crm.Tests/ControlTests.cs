using System.Net;
using System.Net.Http.Json;

namespace IncomingCalls.Fakes.Crm.Tests;

public class ControlTests
{
    [Fact]
    public async Task Record_OverHttp_IsTheOneInProcess()
    {
        await using var crm = await TestCrm.StartAsync();
        var id = await crm.GetRegisteredIdAsync();
        await crm.FinishAsync(id, text: "Missed call");
        await crm.FinishAsync(id);
        await crm.Client.PatchAsJsonAsync($"calls/{id}", new { text = "Called back" });
        await crm.OpenItemAsync();
        await crm.RegisterAsync(phone: "100000000000001@lid");
        using var client = new HttpClient { BaseAddress = crm.Server.BaseUrl };

        var record = await client.GetFromJsonAsync<PortalRecord>("control/portals/first");

        record.Should().BeEquivalentTo(crm.Portal.TakeSnapshot());
        record!.CallsFinishedTwice.Should().Equal(id);
        record.Violations.Should().ContainSingle().Which.Should().Be(
            new Violation("first", crm.Time.GetUtcNow(), ViolationKind.NotAPhoneNumber, CrmOperation.RegisterCall));
        record.Requests.Should().HaveCount(6, "requests of the control API are not recorded");
        record.Requests[0].Should().Be(new RequestRecord("first", crm.Time.GetUtcNow(), "POST", "calls", CrmOperation.RegisterCall, 200));
    }

    [Fact]
    public async Task Portal_AddedOverHttp_CanBeUsed()
    {
        await using var crm = await TestCrm.StartAsync();
        using var client = new HttpClient { BaseAddress = crm.Server.BaseUrl };

        var tokens = await (await client.PostAsync("control/portals/second", null)).Content.ReadFromJsonAsync<TokenPair>();
        await client.PostAsJsonAsync("control/portals/second/contacts", new { phone = TestCrm.UnknownPhone, name = "Second" });
        crm.UseToken(tokens!.AccessToken);
        var contacts = await crm.Client.GetAsync(new Uri(crm.Server.BaseUrl, $"portals/second/contacts?phone={TestCrm.UnknownPhone}"));

        contacts.StatusCode.Should().Be(HttpStatusCode.OK);
        (await client.GetFromJsonAsync<string[]>("control/portals")).Should().Equal("first", "second");
    }

    [Fact]
    public async Task Tokens_OverHttp_AreRevokedAndIssued()
    {
        await using var crm = await TestCrm.StartAsync();
        using var client = new HttpClient { BaseAddress = crm.Server.BaseUrl };

        await client.DeleteAsync("control/portals/first/tokens");
        var revoked = await crm.RegisterAsync();
        crm.UseToken((await (await client.PostAsync("control/portals/first/tokens", null)).Content.ReadFromJsonAsync<TokenPair>())!.AccessToken);

        revoked.StatusCode.Should().Be(HttpStatusCode.Unauthorized);
        (await crm.RegisterAsync()).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Faults_OverHttp_AreScripted()
    {
        await using var crm = await TestCrm.StartAsync();
        using var client = new HttpClient { BaseAddress = crm.Server.BaseUrl };

        await client.PostAsJsonAsync("control/portals/first/faults", new { fault = "BadGateway", operation = "OpenItem" });

        (await crm.RegisterAsync()).StatusCode.Should().Be(HttpStatusCode.OK);
        (await crm.OpenItemAsync()).StatusCode.Should().Be(HttpStatusCode.BadGateway);
        (await crm.OpenItemAsync()).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("control/portals/none")]
    [InlineData("control/none")]
    [InlineData("portals/none/calls?externalId=1")]
    [InlineData("portals/first/none")]
    [InlineData("none")]
    public async Task Path_Unknown_IsAnswered404(string path)
    {
        await using var crm = await TestCrm.StartAsync();

        (await crm.Client.GetAsync(new Uri(crm.Server.BaseUrl, path))).StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Requests_OfAllPortals_AreListedInOrder()
    {
        await using var crm = await TestCrm.StartAsync();
        await crm.RegisterAsync();
        await crm.Client.GetAsync(new Uri(crm.Server.BaseUrl, "portals/none/calls"));
        using var client = new HttpClient { BaseAddress = crm.Server.BaseUrl };

        var requests = await client.GetFromJsonAsync<RequestRecord[]>("control/requests");

        requests!.Select(request => (request.Portal, request.Status)).Should().Equal(("first", 200), ("none", 404));
        requests.Should().Equal(crm.Server.Requests);
        (await client.GetFromJsonAsync<Violation[]>("control/violations")).Should().BeEmpty();
    }

    [Fact]
    public async Task Portals_UsedAtOnce_LoseNothing()
    {
        const int portals = 50;
        const int calls = 40;
        await using var crm = await TestCrm.StartAsync();
        var clients = Enumerable.Range(1, portals).Select(number => crm.Server.AddPortal($"p{number:00}", options => options.Burst = calls)).ToArray();

        await Parallel.ForEachAsync(clients, async (portal, cancellation) =>
        {
            using var client = new HttpClient { BaseAddress = crm.Server.GetPortalUrl(portal) };
            client.DefaultRequestHeaders.Authorization = new("Bearer", portal.IssueTokens().AccessToken);
            await Parallel.ForAsync(0, calls, cancellation, async (call, token) => (await client.PostAsJsonAsync(
                "calls", new { externalId = $"{portal.Name}/{call / 2}", phone = TestCrm.UnknownPhone, direction = "inbound", createContact = true }, token)).EnsureSuccessStatusCode());
        });

        foreach (var record in clients.Select(portal => portal.TakeSnapshot()))
        {
            record.Contacts.Should().ContainSingle("registrations at once create one contact");
            record.Calls.Should().HaveCount(calls / 2).And.OnlyContain(call => call.RepeatCount == 1);
            record.Requests.Should().HaveCount(calls).And.OnlyContain(request => request.Status == 200);
            record.Violations.Should().BeEmpty();
        }
    }
}
