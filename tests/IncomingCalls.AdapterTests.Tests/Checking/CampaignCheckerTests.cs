using System.Net.Http.Headers;
using System.Net.Http.Json;
using IncomingCalls.AdapterTests.Checking;
using IncomingCalls.AdapterTests.Tests.Adapter;
using IncomingCalls.AdapterTests.Traffic;

namespace IncomingCalls.AdapterTests.Tests.Checking;

/// <summary>The checker has to find what an adapter does wrong.</summary>
public sealed class CampaignCheckerTests : IAsyncLifetime
{
    private AdapterFixture _fixture = null!;
    private HttpClient _client = null!;

    public async Task InitializeAsync()
    {
        _fixture = await AdapterFixture.StartAsync();
        _client = new() { BaseAddress = _fixture.World.Server.GetPortalUrl(_fixture.Portal) };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", _fixture.World.Table.FindTokens("first")!.AccessToken);
    }

    [Fact]
    public async Task Check_RecordAndItemAsExpected_NothingIsFound()
    {
        var call = await MissAsync();

        (await CheckAsync(call)).Should().BeEmpty();
    }

    [Fact]
    public async Task Check_CallThatNobodyRecorded_IsFound() =>
        (await CheckAsync(CreateCall("missed"))).Should().BeEquivalentTo([FindingKind.WrongRecord, FindingKind.WrongItem]);

    [Fact]
    public async Task Check_CallFinishedTwice_IsFound()
    {
        var call = await MissAsync();
        await _client.PostAsJsonAsync($"calls/{_fixture.Portal.Calls[0].Id}/finish", new { outcome = "missed", text = "Missed call" });

        (await CheckAsync(call)).Should().Equal(FindingKind.WrongRecord);
    }

    [Fact]
    public async Task Check_RecordWithAnEarlierOutcome_IsFoundWithTheItem()
    {
        await MissAsync();

        (await CheckAsync(CreateCall("pickUp"))).Should().BeEquivalentTo([FindingKind.WrongRecord, FindingKind.WrongItem]);
    }

    [Fact]
    public async Task Check_SecondOpenItem_IsFound()
    {
        var call = await MissAsync();
        await _client.PostAsJsonAsync("items", new { person = "another key", text = _fixture.Portal.Items[0].Text });

        (await CheckAsync(call)).Should().Equal(FindingKind.WrongItem);
    }

    [Fact]
    public async Task Check_RecordOfAnotherCall_IsFound()
    {
        var call = await MissAsync();
        await _client.PostAsJsonAsync("calls", new { externalId = "1101000001/other", phone = "70000000101", direction = "inbound" });

        (await CheckAsync(call)).Should().Equal(FindingKind.WrongRecord);
    }

    [Fact]
    public async Task Check_LinkedIdAsPhoneNumber_IsFound()
    {
        var call = await MissAsync();
        await _client.PostAsJsonAsync("calls", new { externalId = "1101000001/other", phone = "100000000000001", direction = "inbound" });

        (await CheckAsync(call)).Should().Equal(FindingKind.Violation);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Check_RequestBeforeTheEndOfTheDelay_IsFoundUnlessAKillHasLostTheDelay(bool isKilled)
    {
        _fixture.Portal.Options.RetryAfter = TimeSpan.FromSeconds(30);
        _fixture.Portal.FailNext(Fakes.Crm.CrmFault.TooManyRequests);
        await _client.GetAsync("calls?externalId=A");
        if (isKilled)
        {
            await _fixture.World.KillAsync();
        }

        _fixture.World.Time.Advance(TimeSpan.FromSeconds(1));
        await _client.GetAsync("calls?externalId=A");

        (await CheckAsync()).Should().Equal(isKilled ? [] : [FindingKind.Violation]);
    }

    [Theory]
    [InlineData("node-0", 1, true)]
    [InlineData("node-1", 1, false)]
    [InlineData("node-1", 20, true)]
    public async Task Check_RequestOfANodeBeforeTheEndOfTheDelay_IsFoundUnlessItsAttemptRanOnAnotherNode(string node, int seconds, bool isFound)
    {
        _fixture.Portal.Options.RetryAfter = TimeSpan.FromSeconds(30);
        _fixture.Portal.FailNext(Fakes.Crm.CrmFault.TooManyRequests);
        _client.DefaultRequestHeaders.UserAgent.ParseAdd("node-0");
        await _client.GetAsync("calls?externalId=A");

        _fixture.World.Time.Advance(TimeSpan.FromSeconds(seconds));
        _client.DefaultRequestHeaders.UserAgent.Clear();
        _client.DefaultRequestHeaders.UserAgent.ParseAdd(node);
        await _client.GetAsync("calls?externalId=A");

        (await CheckAsync()).Should().Equal(isFound ? [FindingKind.Violation] : []);
    }

    [Fact]
    public async Task Check_RecordedAMinuteLate_IsFound()
    {
        var call = await MissAsync();
        call.AcceptedAt = _fixture.Portal.Calls[0].Finishes[0].Time - TimeSpan.FromMinutes(1);

        (await CheckAsync(call)).Should().Equal(FindingKind.LateRecord);
    }

    [Fact]
    public async Task Check_DeadLetter_IsFound()
    {
        _fixture.Portal.Options.AllowsReadingCalls = false;
        _fixture.Portal.FailNext(Fakes.Crm.CrmFault.LostAnswer, times: 1, Fakes.Crm.CrmOperation.FinishCall);
        await MissAsync();

        (await CheckAsync()).Should().Contain(FindingKind.DeadLetter);
    }

    [Fact]
    public async Task Check_DeliveryThatWaits_IsFound()
    {
        _fixture.Portal.IsDown = true;
        await _fixture.CallAsync("missed");
        await _fixture.World.AdvanceAsync(TimeSpan.FromMinutes(1));

        (await CheckAsync()).Should().Equal(FindingKind.StillPending);
    }

    public async Task DisposeAsync()
    {
        _client.Dispose();
        await _fixture.DisposeAsync();
    }

    private PlannedCall CreateCall(string status) => new()
    {
        Portal = "first",
        Key = new(AdapterFixture.Instance, "A"),
        From = AdapterFixture.Known,
        RecordedPhone = "+70000000101",
        OfferedAt = _fixture.World.Now,
        Outcomes = [new(_fixture.World.Now, status)],
    };

    private async Task<PlannedCall> MissAsync()
    {
        var call = CreateCall("missed");
        await _fixture.CallAsync("missed");
        call.AcceptedAt = _fixture.World.Now;
        await _fixture.FinishAsync();
        return call;
    }

    private async Task<IEnumerable<FindingKind>> CheckAsync(params PlannedCall[] calls) =>
        (await new CampaignChecker(_fixture.World, calls, ["first"], _ => { }).CheckAsync()).Select(finding => finding.Kind);
}
