using System.Net;
using System.Text.Json;
using IncomingCalls.Testing.Tests.Hosting;

namespace IncomingCalls.Testing.Tests.Instances;

/// <summary>Notifications and journals that disagree.</summary>
public sealed class JournalQuirksTests : IAsyncLifetime
{
    private const string Caller = "70000000101@c.us";
    private const string Incoming = "lastIncomingCalls";
    private const string Outgoing = "lastOutgoingCalls";
    private static readonly TimeSpan Delay = TimeSpan.FromMinutes(2);

    private GatewayFixture _gateway = null!;

    private SimulatedInstance Instance => _gateway.Instance;

    public async Task InitializeAsync()
    {
        _gateway = await GatewayFixture.StartAsync(options => options.EnforceRateLimits = false);
        Instance.Settings.OutgoingCallWebhook = true;
    }

    public async Task DisposeAsync() => await _gateway.DisposeAsync();

    /// <summary>The notifications of the two reports are the same; only the journals tell them apart.</summary>
    [Theory]
    [InlineData(CallQuirks.OwnNumber, Incoming, Outgoing)]
    [InlineData(CallQuirks.OwnCall, Outgoing, Incoming)]
    public async Task OwnNumberAndOwnCall_Journals_HaveTheOtherParty(CallQuirks quirk, string journal, string otherJournal)
    {
        var call = Instance.PlaceCall(Caller, options => options.Quirks = quirk).Ring().Answer();
        _gateway.Clock.Advance(Delay);

        var entry = (await _gateway.GetJournalAsync(journal)).Should().ContainSingle().Subject;
        (Text(entry, "chatId"), Text(entry, "idMessage"), Text(entry, "status")).Should().Be((Caller, call.IdMessage, "pickUp"));
        (await _gateway.GetJournalAsync(otherJournal)).Should().BeEmpty();
        Sent().Should().HaveCount(2).And.OnlyContain(sent => sent.IsFromSelf);
    }

    [Fact]
    public async Task OwnCall_Unanswered_HasAStatusOfOutgoingCalls()
    {
        Instance.PlaceCall(Caller, options => options.Quirks = CallQuirks.OwnCall).Ring().Decline();
        _gateway.Clock.Advance(Delay);

        (await _gateway.GetJournalAsync(Outgoing)).Select(entry => Text(entry, "status")).Should().Equal("hungUp");
    }

    [Fact]
    public async Task JournalOtherIds_EachCall_HasOneOtherId()
    {
        var incoming = Instance.PlaceCall(Caller, options => options.Quirks = CallQuirks.JournalOtherIds).Ring().Decline().Answer();
        var outgoing = Instance.PlaceOutgoingCall(Caller, options => options.Quirks = CallQuirks.JournalOtherIds).EndUnanswered();
        _gateway.Clock.Advance(Delay);

        foreach (var (journal, id) in new[] { (Incoming, incoming.IdMessage), (Outgoing, outgoing.IdMessage) })
        {
            Text((await _gateway.GetJournalAsync(journal)).Should().ContainSingle().Subject, "idMessage").Should().MatchRegex("^[0-9A-F]{32}$").And.NotBe(id);
        }
    }

    [Theory]
    [InlineData("declined", "hungUp")]
    [InlineData("missed", "missed")]
    [InlineData("pickUp", "pickUp")]
    public async Task JournalHungUpForDeclined_Outcome_HasTheStatus(string outcome, string status)
    {
        Instance.PlaceCall(Caller, options => options.Quirks = CallQuirks.JournalHungUpForDeclined).Ring().Send(outcome);
        _gateway.Clock.Advance(Delay);

        (await _gateway.GetJournalAsync()).Select(entry => Text(entry, "status")).Should().Equal(status);
        Sent()[^1].RawStatus.Should().Be(outcome);
    }

    [Fact]
    public async Task JournalLid_Notifications_HaveThePhoneNumber()
    {
        Instance.CallQuirks = CallQuirks.JournalLid;
        Instance.PlaceCall(Caller).Ring().Decline();
        Instance.PlaceOutgoingCall(Caller).EndInvalid();
        _gateway.Clock.Advance(Delay);

        (await _gateway.GetJournalAsync()).Concat(await _gateway.GetJournalAsync(Outgoing)).Select(entry => Text(entry, "chatId"))
            .Should().Equal(Instance.LidOf(Caller), Instance.LidOf(Caller));
        Sent().Should().OnlyContain(sent => sent.From!.Value.Value == Caller);
    }

    [Fact]
    public async Task JournalLate_Entry_AppearsTwoMinutesLater()
    {
        Instance.PlaceCall(Caller, options => options.Quirks = CallQuirks.JournalLate).Ring().Decline();

        _gateway.Clock.Advance(Delay + TimeSpan.FromMinutes(2) - TimeSpan.FromTicks(1));
        (await _gateway.GetJournalAsync()).Should().BeEmpty();
        _gateway.Clock.Advance(TimeSpan.FromTicks(1));
        (await _gateway.GetJournalAsync()).Should().ContainSingle().Which.GetProperty("timestamp").GetInt64().Should().Be(1790000000);
    }

    [Theory]
    [InlineData(Incoming)]
    [InlineData(Outgoing)]
    public async Task JournalOff_Journals_Are403WithAPage(string journal)
    {
        Instance.GatewayQuirks = GatewayQuirks.JournalOff;

        var answer = await _gateway.SendAsync(HttpMethod.Get, journal);

        answer.StatusCode.Should().Be(HttpStatusCode.Forbidden);
        (await answer.Content.ReadAsStringAsync()).Should().StartWith("<html>");
        (await _gateway.SendAsync(HttpMethod.Get, "getSettings")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    private static string? Text(JsonElement entry, string name) => entry.GetProperty(name).GetString();

    private IReadOnlyList<IncomingCallNotification> Sent() =>
        [.. Instance.History.Where(notification => notification.TypeWebhook == "incomingCall").Select(notification => NotificationReader.Read(notification.Body.Span).Call!)];
}
