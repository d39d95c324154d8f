using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.Processes;

namespace IncomingCalls.EndToEnd.Tests.Scenarios;

/// <summary>What a desk shows of the same calls, under each scenario and by each transport. Each status is a call of its own, and calls have no order.</summary>
public abstract class ScenarioTests(ScenarioDesk desk)
{
    public static TheoryData<CallScenario, Transport> Everywhere => ByEachTransport(Enum.GetValues<CallScenario>());

    public static TheoryData<CallScenario, Transport> WhereOperatorsAreAlerted => ByEachTransport(CallScenario.OfferOnly, CallScenario.AllStatuses);

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task Events_OfEveryStatusTwice_AreThoseOfTheScenarioOnce(CallScenario scenario, Transport transport)
    {
        var call = await SendAllTwiceAsync(scenario, transport, "events");

        var rows = await desk.Process.RowsAsync("events", call);
        rows.Should().BeEquivalentTo(
            from sent in Cases(call)
            where sent.Case.IsEventUnder(scenario)
            select new
            {
                sent.CallId,
                sent.Case.Kind,
                sent.Case.Status,
                RawStatus = sent.Case.Status == "Unknown" ? sent.Case.Wire : null,
                IsLive = sent.Case.IsOffer,
                IdInstance = desk.IdInstance(transport, scenario),
                ChatId = Wire.Caller,
            });
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task Records_OfEveryStatusTwice_AreThoseOfTheScenarioOnce(CallScenario scenario, Transport transport)
    {
        var call = await SendAllTwiceAsync(scenario, transport, "records");

        var rows = await desk.Process.RowsAsync("records", call);
        rows.Should().BeEquivalentTo(
            from sent in Cases(call)
            let label = sent.Case.LabelUnder(scenario)
            where label is not null
            select new { sent.CallId, Label = label, Text = TextOf(label), ChatId = Wire.Caller, CallerName = NameBy(transport) });
    }

    [Theory]
    [MemberData(nameof(Everywhere))]
    public async Task Alerts_OfEveryStatusTwice_AreThoseOfTheScenarioOnce(CallScenario scenario, Transport transport)
    {
        var call = await SendAllTwiceAsync(scenario, transport, "alerts");
        await PassAlertOfAnotherCallAsync();

        await Eventually.HoldsAsync(async () => (await desk.Process.RowsAsync("alerts", call)).Should().BeEquivalentTo(
            from sent in Cases(call)
            where sent.Case.IsAlertUnder(scenario)
            select new
            {
                sent.CallId,
                IdInstance = desk.IdInstance(transport, scenario),
                ChatId = Wire.Caller,
                CallerName = NameBy(transport),
            }));
    }

    [Theory]
    [MemberData(nameof(WhereOperatorsAreAlerted))]
    public async Task Alert_WhenTheCallEnds_IsTakenAway(CallScenario scenario, Transport transport)
    {
        var call = $"{transport}-{scenario}-ends";
        await desk.SendAsync(transport, scenario, call, "offer");
        await Eventually.HoldsAsync(async () => (await desk.Process.RowsAsync("alerts", call)).Should().ContainSingle(row => row.EndedAt == null));

        await desk.SendAsync(transport, scenario, call, "hungUp");

        await Eventually.HoldsAsync(async () => (await desk.Process.RowsAsync("alerts", call)).Should().ContainSingle(row => row.EndedAt != null));
        await Eventually.HoldsAsync(async () => (await desk.Process.RowsAsync("calls", call)).Should().ContainSingle(row => row.Outcome == "Dropped"));
    }

    /// <summary>The label's text in the language of the desk.</summary>
    protected abstract string TextOf(string label);

    /// <summary>The polled instances know their callers; those that only post have no API to ask.</summary>
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

    /// <summary>An alert is shown beside the acknowledgement: once that of a later call is there, those before it are too.</summary>
    private async Task PassAlertOfAnotherCallAsync()
    {
        var fence = $"fence-{Guid.NewGuid()}";
        await desk.SendAsync(Transport.Webhook, CallScenario.AllStatuses, fence, "offer");
        await Eventually.HoldsAsync(async () => (await desk.Process.RowsAsync("alerts", fence)).Should().ContainSingle());
    }
}
