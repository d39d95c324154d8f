using System.Net;
using System.Text.Json;
using IncomingCalls.Testing.Tests.Hosting;

namespace IncomingCalls.Testing.Tests.Http;

public sealed class JournalTests : IAsyncLifetime
{
    private const string Caller = "70000000101@c.us";
    private static readonly TimeSpan Delay = TimeSpan.FromMinutes(2);

    private GatewayFixture _gateway = null!;

    private SimulatedInstance Instance => _gateway.Instance;

    public async Task InitializeAsync()
    {
        // Rate limits are not the subject of these tests, which send several requests.
        _gateway = await GatewayFixture.StartAsync(options => options.EnforceRateLimits = false);
        Instance.Settings.OutgoingCallWebhook = true;
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    [Fact]
    public async Task IncomingCall_Ended_HasTheDocumentedFields()
    {
        var call = Instance.PlaceCall(Caller).Ring().Decline();
        _gateway.Clock.Advance(Delay);

        var answer = await (await _gateway.SendAsync(HttpMethod.Get, "lastIncomingCalls")).Content.ReadAsStringAsync();

        answer.Should().Be($$"""[{"type":"incoming","idMessage":"{{call.IdMessage}}","timestamp":1790000000,"typeMessage":"incomingCall","chatId":"{{Caller}}","isVideo":false,"status":"missed","isGroup":false}]""");
        (await _gateway.GetJournalAsync("lastOutgoingCalls")).Should().BeEmpty();
    }

    [Fact]
    public async Task OutgoingCall_Ended_HasTheDocumentedFields()
    {
        var call = Instance.PlaceOutgoingCall("70000000102@c.us", options => options.TalkTime = TimeSpan.FromSeconds(31)).EndAnswered();
        _gateway.Clock.Advance(Delay);

        var answer = await (await _gateway.SendAsync(HttpMethod.Get, "lastOutgoingCalls")).Content.ReadAsStringAsync();

        answer.Should().Be($$"""[{"type":"outgoing","idMessage":"{{call.IdMessage}}","timestamp":1790000000,"typeMessage":"outgoingCall","chatId":"70000000102@c.us","duration":31,"isVideo":false,"status":"pickUp","participants":[{"id":"70000000102@c.us","status":"pickUp"}]}]""");
        (await _gateway.GetJournalAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Entry_BeforeTheDelay_IsNotThere()
    {
        Instance.PlaceCall(Caller).Ring().Decline();

        _gateway.Clock.Advance(Delay - TimeSpan.FromTicks(1));
        (await _gateway.GetJournalAsync()).Should().BeEmpty();
        _gateway.Clock.Advance(TimeSpan.FromTicks(1));
        (await _gateway.GetJournalAsync()).Should().ContainSingle();
    }

    [Fact]
    public async Task Delay_Option_IsUsed()
    {
        await using var gateway = await GatewayFixture.StartAsync(options => options.JournalDelay = TimeSpan.Zero);

        gateway.Instance.PlaceCall(Caller).Ring().Decline();

        (await gateway.GetJournalAsync()).Should().ContainSingle();
    }

    [Fact]
    public async Task AnsweredCall_WithTalkTime_EndsAfterIt()
    {
        Instance.PlaceCall(Caller, call => call.TalkTime = TimeSpan.FromMinutes(5)).Ring().Answer();

        _gateway.Clock.Advance(Delay + TimeSpan.FromMinutes(4));
        (await _gateway.GetJournalAsync()).Should().BeEmpty();
        _gateway.Clock.Advance(TimeSpan.FromMinutes(1));
        (await _gateway.GetJournalAsync()).Should().ContainSingle().Which.GetProperty("timestamp").GetInt64().Should().Be(1790000000 + 300);
    }

    [Theory]
    [InlineData("pickUp", "pickUp")]
    [InlineData("hungUp", "hungUp")]
    [InlineData("hangUp", "hungUp")]
    [InlineData("declined", "missed")]
    [InlineData("missed", "missed")]
    [InlineData("transferred", "transferred")]
    public async Task IncomingCall_Outcome_HasTheStatusOfTheJournal(string outcome, string status)
    {
        Instance.PlaceCall(Caller).Ring().Send(outcome).Repeat();
        _gateway.Clock.Advance(Delay);

        (await _gateway.GetJournalAsync()).Should().ContainSingle().Which.GetProperty("status").GetString().Should().Be(status);
    }

    [Fact]
    public async Task IncomingCall_LaterOutcome_ReplacesTheEntry()
    {
        Instance.PlaceCall(Caller).Ring().Decline().Answer();
        _gateway.Clock.Advance(Delay);

        (await _gateway.GetJournalAsync()).Should().ContainSingle().Which.GetProperty("status").GetString().Should().Be("pickUp");
    }

    [Fact]
    public async Task IncomingCall_Ringing_IsNotThere()
    {
        Instance.PlaceCall(Caller).Ring();
        Instance.PlaceCall(Caller).Send(null);
        _gateway.Clock.Advance(Delay);

        (await _gateway.GetJournalAsync()).Should().BeEmpty();
    }

    [Theory]
    [InlineData(CallQuirks.LostOutcome)]
    [InlineData(CallQuirks.Classic)]
    [InlineData(CallQuirks.Duplicates)]
    [InlineData(CallQuirks.Reordered)]
    public async Task IncomingCall_OutcomeNotReportedOnce_HasOneEntry(CallQuirks quirks)
    {
        var call = Instance.PlaceCall(Caller, call => call.Quirks = quirks).Ring().Drop();
        _gateway.Clock.Advance(Delay);

        (await _gateway.GetJournalAsync()).Should().ContainSingle().Which.GetProperty("idMessage").GetString().Should().Be(call.IdMessage);
    }

    [Fact]
    public async Task IncomingCall_GroupVideoOrAnonymous_IsMarked()
    {
        Instance.PlaceCall("120363000000000001@g.us", call => (call.IsVideo, call.TimestampShift) = (true, TimeSpan.FromSeconds(2))).Ring().Decline();
        Instance.PlaceCall(Caller, call => (call.Participants, call.TimestampShift) = (["70000000102@c.us"], TimeSpan.FromSeconds(1))).Ring().Decline();
        Instance.PlaceCall(from: null).Ring().Decline();
        _gateway.Clock.Advance(Delay + TimeSpan.FromSeconds(2));

        (await _gateway.GetJournalAsync()).Select(entry => (ChatId(entry), entry.GetProperty("isVideo").GetBoolean(), entry.GetProperty("isGroup").GetBoolean())).Should().Equal(
            ("120363000000000001@g.us", true, true), (Caller, false, true), ("0@c.us", false, false));
    }

    [Fact]
    public async Task IncomingCall_LidModeOn_HasTheLinkedId()
    {
        Instance.Settings.EnableLidMode = true;
        Instance.PlaceCall(Caller).Ring().Decline();
        _gateway.Clock.Advance(Delay);

        (await _gateway.GetJournalAsync()).Select(ChatId).Should().Equal(Instance.LidOf(Caller));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task IncomingCall_ASettingOff_IsNotRecorded(bool incomingWebhook, bool incomingCallWebhook)
    {
        (Instance.Settings.IncomingWebhook, Instance.Settings.IncomingCallWebhook) = (incomingWebhook, incomingCallWebhook);
        Instance.PlaceCall(Caller).Ring().Decline();
        (Instance.Settings.IncomingWebhook, Instance.Settings.IncomingCallWebhook) = (true, true);
        var recorded = Instance.PlaceCall(Caller).Ring().Decline();
        _gateway.Clock.Advance(Delay);

        (await _gateway.GetJournalAsync()).Select(IdMessage).Should().Equal(recorded.IdMessage);
        (Instance.Settings.IncomingWebhook, Instance.Settings.IncomingCallWebhook) = (incomingWebhook, incomingCallWebhook);
        (await _gateway.GetJournalAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task OutgoingCall_SettingOff_IsNotRecorded()
    {
        Instance.Settings.OutgoingCallWebhook = false;
        Instance.PlaceOutgoingCall().EndUnanswered();
        Instance.Settings.OutgoingCallWebhook = true;
        var recorded = Instance.PlaceOutgoingCall().EndUnanswered();
        _gateway.Clock.Advance(Delay);

        (await _gateway.GetJournalAsync("lastOutgoingCalls")).Select(IdMessage).Should().Equal(recorded.IdMessage);
        Instance.Settings.OutgoingCallWebhook = false;
        (await _gateway.GetJournalAsync("lastOutgoingCalls")).Should().BeEmpty();
    }

    [Fact]
    public async Task IncomingCall_InstanceLoggedOut_IsNotRecorded()
    {
        Instance.State = SimulatedState.NotAuthorized;
        Instance.PlaceCall(Caller).Ring().Decline();
        (await _gateway.SendAsync(HttpMethod.Get, "lastIncomingCalls")).StatusCode.Should().Be(HttpStatusCode.BadRequest);
        Instance.State = SimulatedState.Authorized;
        _gateway.Clock.Advance(Delay);

        (await _gateway.GetJournalAsync()).Should().BeEmpty();
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("?minutes=1439", 0)]
    [InlineData("?minutes=1440", 1)]
    [InlineData("?minutes=4320", 2)]
    public async Task Minutes_InTheQuery_LimitTheAge(string query, int calls)
    {
        Instance.PlaceCall(Caller).Ring().Decline();
        _gateway.Clock.Advance(TimeSpan.FromMinutes(1440));
        Instance.PlaceCall(Caller).Ring().Decline();
        _gateway.Clock.Advance(TimeSpan.FromMinutes(1440));

        (await _gateway.GetJournalAsync(query: query)).Should().HaveCount(calls);
    }

    [Fact]
    public async Task Minutes_InTheBody_HaveNoEffect()
    {
        Instance.PlaceCall(Caller).Ring().Decline();
        _gateway.Clock.Advance(TimeSpan.FromMinutes(1441));

        var answer = await _gateway.SendAsync(HttpMethod.Get, "lastIncomingCalls", json: """{"minutes":4320}""");

        (await answer.Content.ReadAsStringAsync()).Should().Be("[]");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("day")]
    public async Task Minutes_NotAPositiveNumber_Are400(string minutes) =>
        (await _gateway.SendAsync(HttpMethod.Get, "lastIncomingCalls", $"?minutes={minutes}")).StatusCode.Should().Be(HttpStatusCode.BadRequest);

    [Fact]
    public async Task Journal_MoreThan10000Calls_HasTheLastOnes()
    {
        var first = Instance.PlaceCall(Caller).Ring().Decline();
        _gateway.Clock.Advance(TimeSpan.FromSeconds(1));
        for (var i = 0; i < 10_000; i++)
        {
            Instance.PlaceCall(Caller).Decline();
        }

        _gateway.Clock.Advance(Delay);

        var journal = await _gateway.GetJournalAsync();
        journal.Should().HaveCount(10_000);
        journal.Select(IdMessage).Should().NotContain(first.IdMessage);
    }

    private static string? ChatId(JsonElement entry) => entry.GetProperty("chatId").GetString();

    private static string? IdMessage(JsonElement entry) => entry.GetProperty("idMessage").GetString();
}
