using IncomingCalls.Browser.Tests.Hosting;
using IncomingCalls.Browser.Tests.Pages;
using IncomingCalls.Testing;

namespace IncomingCalls.Browser.Tests;

/// <summary>The same four calls under each scenario, from the gateway to the page.</summary>
public sealed class ScenarioTests(BrowserFixture browser, ScenarioDesk shared) : SharedDeskTests(browser, shared), IClassFixture<ScenarioDesk>
{
    [BrowserFact]
    public async Task Page_IgnoreScenario_ShowsNothing()
    {
        var desk = await PlaceCallsAsync(CallScenario.Ignore);

        await ShouldShowOnlyAsync(desk, ringing: [], calls: [], records: [], alerts: []);
    }

    [BrowserFact]
    public async Task Page_OfferOnlyScenario_ShowsRingingCallsAndNoRecords()
    {
        var desk = await PlaceCallsAsync(CallScenario.OfferOnly);

        await ShouldShowOnlyAsync(
            desk,
            ringing: ["Daria"],
            calls: ["Daria: Ringing", "Carl: Missed", "Boris: Dropped", "Anna: Answered"],
            records: [],
            alerts: ["Daria", "Carl", "Boris", "Anna"]);
    }

    [BrowserFact]
    public async Task Page_ResultOnlyScenario_ShowsResultsAndNoRingingCalls()
    {
        var desk = await PlaceCallsAsync(CallScenario.ResultOnly);

        await ShouldShowOnlyAsync(
            desk,
            ringing: [],
            calls: ["Carl: Missed", "Boris: Dropped", "Anna: Answered"],
            records: ["Carl: Missed call", "Boris: Missed call", "Anna: Answered call"],
            alerts: []);
    }

    [BrowserFact]
    public async Task Page_AllStatusesScenario_ShowsEverything()
    {
        var desk = await PlaceCallsAsync(CallScenario.AllStatuses);

        await ShouldShowOnlyAsync(
            desk,
            ringing: ["Daria"],
            calls: ["Daria: Ringing", "Carl: Missed", "Boris: Dropped", "Anna: Answered"],
            records:
            [
                "Daria: Incoming call", "Carl: Missed call", "Carl: Incoming call", "Boris: Dropped call", "Boris: Incoming call",
                "Anna: Answered call", "Anna: Incoming call",
            ],
            alerts: ["Daria", "Carl", "Boris", "Anna"]);
    }

    [BrowserFact]
    public async Task Page_AlertAndResultScenario_ShowsRingingCallsAndRecordsOfResults()
    {
        var desk = await PlaceCallsAsync(CallScenario.AlertAndResult);

        await ShouldShowOnlyAsync(
            desk,
            ringing: ["Daria"],
            calls: ["Daria: Ringing", "Carl: Missed", "Boris: Dropped", "Anna: Answered"],
            records: ["Carl: Missed call", "Boris: Dropped call", "Anna: Answered call"],
            alerts: ["Daria", "Carl", "Boris", "Anna"]);
    }

    /// <summary>Places four calls: Anna is answered, Boris is dropped by the operator, Carl hangs up, and Daria is still ringing.</summary>
    private async Task<DeskPageView> PlaceCallsAsync(CallScenario scenario)
    {
        UseScenario(scenario);
        var desk = await OpenDeskAsync();
        await PlaceCallAsync("Anna", call => call.Answer());
        await PlaceCallAsync("Boris", call => call.Drop());
        await PlaceCallAsync("Carl", call => call.Decline());
        await PlaceCallAsync("Daria", call => call);
        return desk;

        async Task PlaceCallAsync(string name, Func<SimulatedCall, SimulatedCall> end)
        {
            var call = Instance.PlaceCallFrom(name).Ring();
            if (scenario is CallScenario.OfferOnly or CallScenario.AllStatuses or CallScenario.AlertAndResult)
            {
                await EventuallyAsync(async () => (await desk.GetRingingNamesAsync()).Should().Equal(name));
            }

            end(call);
            await WaitUntilAcknowledgedAsync();
        }
    }

    /// <summary>Asserts the exact content of the page that was open during the calls, before and after a reload.</summary>
    private static async Task ShouldShowOnlyAsync(DeskPageView desk, string[] ringing, string[] calls, string[] records, string[] alerts)
    {
        await EventuallyAsync(ShouldMatchAsync);
        await desk.ReloadAsync();
        await EventuallyAsync(ShouldMatchAsync);

        async Task ShouldMatchAsync()
        {
            (await desk.GetRingingNamesAsync()).Should().Equal(ringing);
            // The timestamps of the gateway have a resolution of a second; within one, the order of calls is undefined.
            (await desk.GetCallRowsAsync()).Should().BeEquivalentTo(calls);
            (await desk.GetRecordRowsAsync()).Should().BeEquivalentTo(records);
            (await desk.GetAlertNamesAsync()).Should().BeEquivalentTo(alerts);
        }
    }
}

/// <summary>A desk with an instance for each scenario.</summary>
public sealed class ScenarioDesk : SharedDesk
{
    protected override IReadOnlyList<CallScenario> Scenarios { get; } = Enum.GetValues<CallScenario>();
}
