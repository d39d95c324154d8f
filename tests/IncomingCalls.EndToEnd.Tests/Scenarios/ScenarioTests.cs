using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.Processes;

namespace IncomingCalls.EndToEnd.Tests.Scenarios;

/// <summary>The rows of the desk for the same calls under each scenario and by each transport. Each status is sent as a separate call, and the order of calls is undefined.</summary>
public abstract class ScenarioTests(ScenarioFixture desk)
{
    public static TheoryData<CallScenario, Transport> AllScenarios => ByEachTransport(Enum.GetValues<CallScenario>());

    public static TheoryData<CallScenario, Transport> AlertingScenarios => ByEachTransport(CallScenario.OfferOnly, CallScenario.AllStatuses, CallScenario.AlertAndResult);

    [Theory]
    [MemberData(nameof(AllScenarios))]
    public async Task Events_EveryStatusTwice_MatchTheScenarioOnce(CallScenario scenario, Transport transport)
    {
        var call = await SendAllTwiceAsync(scenario, transport, "events");

        var rows = await desk.Process.GetHandledRowsAsync("events", call);
        rows.Should().BeEquivalentTo(
            from sent in Cases(call)
            where sent.Case.IsEventIn(scenario)
            select new
            {
                sent.CallId,
                sent.Case.Kind,
                sent.Case.Status,
                RawStatus = sent.Case.Status == "Unknown" ? sent.Case.Wire : null,
                IsLive = sent.Case.IsOffer,
                IdInstance = desk.IdInstance(transport, scenario),
                ChatId = NotificationJson.Caller,
            });
    }

    [Theory]
    [MemberData(nameof(AllScenarios))]
    public async Task Records_EveryStatusTwice_MatchTheScenarioOnce(CallScenario scenario, Transport transport)
    {
        var call = await SendAllTwiceAsync(scenario, transport, "records");

        var rows = await desk.Process.GetHandledRowsAsync("records", call);
        rows.Should().BeEquivalentTo(
            from sent in Cases(call)
            let label = sent.Case.LabelIn(scenario)
            where label is not null
            select new { sent.CallId, Label = label, Text = TextOf(label), ChatId = NotificationJson.Caller, CallerName = NameBy(transport) });
    }

    [Theory]
    [MemberData(nameof(AllScenarios))]
    public async Task Alerts_EveryStatusTwice_MatchTheScenarioOnce(CallScenario scenario, Transport transport)
    {
        var call = await SendAllTwiceAsync(scenario, transport, "alerts");
        await WaitForAlertOfAnotherCallAsync();

        await Eventually.HoldsAsync(async () => (await desk.Process.GetHandledRowsAsync("alerts", call)).Should().BeEquivalentTo(
            from sent in Cases(call)
            where sent.Case.IsAlertIn(scenario)
            select new
            {
                sent.CallId,
                IdInstance = desk.IdInstance(transport, scenario),
                ChatId = NotificationJson.Caller,
                CallerName = NameBy(transport),
            }));
    }

    [Theory]
    [MemberData(nameof(AlertingScenarios))]
    public async Task Alert_CallEnds_IsWithdrawn(CallScenario scenario, Transport transport)
    {
        var call = $"{transport}-{scenario}-ends";
        await desk.SendAsync(transport, scenario, call, "offer");
        await Eventually.HoldsAsync(async () => (await desk.Process.GetHandledRowsAsync("alerts", call)).Should().ContainSingle(row => row.EndedAt == null));

        await desk.SendAsync(transport, scenario, call, "hungUp");

        await Eventually.HoldsAsync(async () => (await desk.Process.GetHandledRowsAsync("alerts", call)).Should().ContainSingle(row => row.EndedAt != null));
        await Eventually.HoldsAsync(async () => (await desk.Process.GetHandledRowsAsync("calls", call)).Should().ContainSingle(row => row.Outcome == "Dropped"));
    }

    /// <summary>Gets the text of a label in the language of the desk.</summary>
    protected abstract string TextOf(string label);

    /// <summary>Gets the expected caller name: the polled instances have contacts; the webhook instances have no API to request names from.</summary>
    private static string NameBy(Transport transport) => transport == Transport.Polling ? "Иван Петров" : "+70000000101";

    private static TheoryData<CallScenario, Transport> ByEachTransport(params CallScenario[] scenarios)
    {
        var data = new TheoryData<CallScenario, Transport>();
        foreach (var scenario in scenarios)
        {
            data.Add(scenario, Transport.Webhook);
            data.Add(scenario, Transport.Polling);
        }

        return data;
    }

    private static IEnumerable<(string CallId, StatusCase Case)> Cases(string call) =>
        StatusCase.All.Select((status, i) => ($"{call}-{i}", status));

    private async Task<string> SendAllTwiceAsync(CallScenario scenario, Transport transport, string test)
    {
        var call = $"{transport}-{scenario}-{test}";
        foreach (var (callId, status) in Cases(call).SelectMany(sent => Enumerable.Repeat(sent, 2)))
        {
            await desk.SendAsync(transport, scenario, callId, status.Wire);
        }

        return call;
    }

    /// <summary>Alerts are raised independently of the acknowledgement: once the alert of a later call is shown, the earlier ones are too.</summary>
    private async Task WaitForAlertOfAnotherCallAsync()
    {
        var fence = $"fence-{Guid.NewGuid()}";
        await desk.SendAsync(Transport.Webhook, CallScenario.AllStatuses, fence, "offer");
        await Eventually.HoldsAsync(async () => (await desk.Process.GetHandledRowsAsync("alerts", fence)).Should().ContainSingle());
    }
}
