using IncomingCalls.EndToEnd.Tests.Desk;
using IncomingCalls.EndToEnd.Tests.Scenarios;
using IncomingCalls.Processes;
using IncomingCalls.Testing;

namespace IncomingCalls.EndToEnd.Tests.Quirks;

/// <summary>
/// Three calls to an instance with quirks: the first is answered, the second dropped, the third missed. The desk shows the right calls in spite of
/// the quirks.
/// </summary>
public sealed class QuirkTests(QuirkFixture desk) : IClassFixture<QuirkFixture>
{
    private static readonly string[] Callers = ["70000000101@c.us", "70000000102@c.us", "70000000103@c.us"];
    private static readonly string[] Kinds = ["Answered", "Dropped", "Missed"];
    private static readonly string[] Labels = ["AnsweredCall", "DroppedCall", "MissedCall"];

    [Theory]
    [InlineData(CallQuirks.None, true)]
    [InlineData(CallQuirks.HangUp, true)]
    [InlineData(CallQuirks.WrongFrom, true)]
    [InlineData(CallQuirks.Duplicates, true)]
    // An offer that arrives after its outcome is tracked and raises no event.
    [InlineData(CallQuirks.Reordered, false)]
    [InlineData(CallQuirks.HangUp | CallQuirks.WrongFrom | CallQuirks.Duplicates, true)]
    public async Task CallQuirk_WithoutDataLoss_ResultsInTheSameCalls(CallQuirks quirks, bool offersAreEvents)
    {
        var instance = await PlaceCallsAsync(Transport.Polling, simulated => simulated.CallQuirks = quirks);

        await Eventually.HoldsAsync(async () => (await GetCallsAsync(instance)).Should().Equal(Kinds.Zip(Callers)));
        await ShouldHaveEventsAsync(instance, Kinds.Select(kind => offersAreEvents ? $"Offered,{kind}" : kind));
        await ShouldHaveLabelsAsync(instance, offersAreEvents ? Labels.SelectMany(label => new[] { "IncomingCall", label }) : Labels);
    }

    /// <summary>The caller is unknown when the first notification of a call names the account itself; the call is recorded all the same.</summary>
    [Fact]
    public async Task CallQuirk_OutcomeBeforeOfferWithWrongFrom_IsRecorded()
    {
        var instance = await PlaceCallsAsync(Transport.Polling, simulated => simulated.CallQuirks = CallQuirks.Reordered | CallQuirks.WrongFrom);

        await ShouldHaveLabelsAsync(instance, Labels);
    }

    [Theory]
    [InlineData(GatewayQuirks.EmptyPolls, Transport.Polling)]
    [InlineData(GatewayQuirks.Slow, Transport.Polling)]
    [InlineData(GatewayQuirks.Slow, Transport.Webhook)]
    [InlineData(GatewayQuirks.Errors, Transport.Polling)]
    [InlineData(GatewayQuirks.Errors, Transport.Webhook)]
    [InlineData(GatewayQuirks.EmptyPolls | GatewayQuirks.Slow | GatewayQuirks.Errors, Transport.Polling)]
    public async Task GatewayQuirk_EachTransport_ResultsInTheSameCalls(GatewayQuirks quirks, Transport transport)
    {
        var instance = await PlaceCallsAsync(transport, simulated => simulated.GatewayQuirks = quirks);

        await Eventually.HoldsAsync(async () => (await GetCallsAsync(instance)).Should().Equal(Kinds.Zip(Callers)));
        await ShouldHaveEventsAsync(instance, Kinds.Select(kind => $"Offered,{kind}"));
    }

    [Fact]
    public async Task CallQuirk_Classic_IsRecordedWithoutOutcome()
    {
        var instance = await PlaceCallsAsync(Transport.Polling, simulated => simulated.CallQuirks = CallQuirks.Classic);

        await Eventually.HoldsAsync(async () => (await GetCallsAsync(instance)).Should().Equal(Callers.Select(caller => ("None", caller))));
        await ShouldHaveEventsAsync(instance, Callers.Select(_ => "Offered"));
        await ShouldHaveLabelsAsync(instance, Callers.Select(_ => "IncomingCall"));
    }

    [Fact]
    public async Task CallQuirk_Lid_ShowsTheLinkedIds()
    {
        var instance = await PlaceCallsAsync(Transport.Polling, simulated => simulated.CallQuirks = CallQuirks.Lid);

        await Eventually.HoldsAsync(async () => (await GetCallsAsync(instance)).Should().Equal(Kinds.Zip(Callers.Select(instance.LidOf))));
    }

    [Fact]
    public async Task CallQuirk_LostOutcome_ResultsInOutcomeUnknown()
    {
        var instance = await PlaceCallsAsync(Transport.Polling, simulated => simulated.CallQuirks = CallQuirks.LostOutcome);

        await ShouldHaveEventsAsync(instance, Callers.Select(_ => "Offered,OutcomeUnknown"));
        await Eventually.HoldsAsync(async () => (await GetCallsAsync(instance)).Should().Equal(Callers.Select(caller => ("Unknown", caller))));
        await ShouldHaveLabelsAsync(instance, Callers.Select(_ => "IncomingCall"));
    }

    [Fact]
    public async Task CallQuirk_OwnCall_RaisesNoAlertAndRecordsAnUnknownCaller()
    {
        var instance = await PlaceCallsAsync(Transport.Polling, simulated => simulated.CallQuirks = CallQuirks.OwnCall);

        await Eventually.HoldsAsync(async () => (await GetCallsAsync(instance)).Should().Equal(Kinds.Select(kind => (kind, ""))));
        await ShouldHaveLabelsAsync(instance, ["IncomingCall", "AnsweredCall", "IncomingCall", "DroppedCall", "IncomingCall", "MissedCall"]);
        (await GetRowsAsync("alerts", instance)).Should().BeEmpty();
    }

    private async Task<SimulatedInstance> PlaceCallsAsync(Transport transport, Action<SimulatedInstance> configure)
    {
        var instance = desk.GetUnusedInstance(transport);
        configure(instance);
        instance.PlaceCall(Callers[0], call => call.IdMessage = "1").Ring().Answer();
        instance.PlaceCall(Callers[1], call => call.IdMessage = "2").Ring().Drop();
        instance.PlaceCall(Callers[2], call => call.IdMessage = "3").Ring().Decline();
        await instance.WaitUntilAcknowledgedAsync();
        return instance;
    }

    private async Task<IEnumerable<(string, string)>> GetCallsAsync(SimulatedInstance instance) =>
        (await GetRowsAsync("calls", instance)).OrderBy(call => call.CallId).Select(call => (call.Outcome!, call.ChatId ?? ""));

    /// <summary>The kinds of each call, in the order of their arrival.</summary>
    private Task ShouldHaveEventsAsync(SimulatedInstance instance, IEnumerable<string> kinds) => Eventually.HoldsAsync(async () =>
        (await GetRowsAsync("events", instance)).GroupBy(row => row.CallId).OrderBy(call => call.Key)
            .Select(call => string.Join(',', call.Select(row => row.Kind))).Should().Equal(kinds));

    private Task ShouldHaveLabelsAsync(SimulatedInstance instance, IEnumerable<string> labels) => Eventually.HoldsAsync(async () =>
        (await GetRowsAsync("records", instance)).OrderBy(row => row.CallId).Select(row => row.Label).Should().Equal(labels));

    private async Task<DeskRow[]> GetRowsAsync(string list, SimulatedInstance instance) =>
        [.. (await desk.Process.GetHandledRowsAsync(list)).Where(row => row.IdInstance == instance.IdInstance)];
}
