using IncomingCalls.Browser.Tests.Hosting;
using IncomingCalls.Browser.Tests.Pages;
using IncomingCalls.Testing;

namespace IncomingCalls.Browser.Tests;

/// <summary>The same four calls under each scenario, from the gateway to the screen: what is there, and nothing else.</summary>
public sealed class ScenarioTests(BrowserRun run) : BrowserTests(run)
{
    [BrowserFact]
    public async Task Page_UnderIgnore_ShowsNothing()
    {
        var desk = await PlaceCallsAsync(CallScenario.Ignore);

        await ShowsOnlyAsync(desk, ringing: [], calls: [], records: [], alerts: []);
    }

    [BrowserFact]
    public async Task Page_UnderOfferOnly_ShowsWhoRingsAndWritesNothing()
    {
        var desk = await PlaceCallsAsync(CallScenario.OfferOnly);

        await ShowsOnlyAsync(
            desk,
            ringing: ["Daria"],
            calls: ["Daria: Ringing", "Carl: Missed", "Boris: Dropped", "Anna: Answered"],
            records: [],
            alerts: ["Daria", "Carl", "Boris", "Anna"]);
    }

    [BrowserFact]
    public async Task Page_UnderResultOnly_ShowsResultsAndNobodyRinging()
    {
        var desk = await PlaceCallsAsync(CallScenario.ResultOnly);

        await ShowsOnlyAsync(
            desk,
            ringing: [],
            calls: ["Carl: Missed", "Boris: Dropped", "Anna: Answered"],
            records: ["Carl: Missed call", "Boris: Missed call", "Anna: Answered call"],
            alerts: []);
    }

    [BrowserFact]
    public async Task Page_UnderAllStatuses_ShowsEverything()
    {
        var desk = await PlaceCallsAsync(CallScenario.AllStatuses);

        await ShowsOnlyAsync(
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

    /// <summary>Anna is answered, Boris is refused, Carl gives up, and Daria still rings.</summary>
    private async Task<DeskPageView> PlaceCallsAsync(CallScenario scenario)
    {
        await StartDeskAsync(scenario);
        var desk = await OpenDeskAsync();
        await PlaceCallAsync("Anna", call => call.Answer());
        await PlaceCallAsync("Boris", call => call.Drop());
        await PlaceCallAsync("Carl", call => call.Decline());
        await PlaceCallAsync("Daria", call => call);
        return desk;

        async Task PlaceCallAsync(string name, Func<SimulatedCall, SimulatedCall> end)
        {
            var call = Instance.CallFrom(name).Ring();
            if (scenario is CallScenario.OfferOnly or CallScenario.AllStatuses)
            {
                await ShowsAsync(async () => (await desk.RingingNamesAsync()).Should().Equal(name));
            }

            end(call);
            await HandledAsync();
        }
    }

    /// <summary>The page that was open all the time, and the same page after a reload.</summary>
    private static async Task ShowsOnlyAsync(DeskPageView desk, string[] ringing, string[] calls, string[] records, string[] alerts)
    {
        await ShowsAsync(LooksSoAsync);
        await desk.ReloadAsync();
        await ShowsAsync(LooksSoAsync);

        async Task LooksSoAsync()
        {
            (await desk.RingingNamesAsync()).Should().Equal(ringing);
            // The gateway's times are to the second: within one, calls may stand either way.
            (await desk.CallRowsAsync()).Should().BeEquivalentTo(calls);
            (await desk.RecordRowsAsync()).Should().BeEquivalentTo(records);
            (await desk.AlertNamesAsync()).Should().BeEquivalentTo(alerts);
        }
    }
}
