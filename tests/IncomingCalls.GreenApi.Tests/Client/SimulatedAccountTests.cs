using IncomingCalls.Testing;
using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.GreenApi.Tests.Client;

/// <summary>The journals, checkWhatsapp and getWaSettings of the simulator, with its limits and delays.</summary>
public sealed class SimulatedAccountTests : IAsyncLifetime, IDisposable
{
    private const string Caller = "70000000101@c.us";
    private static readonly TimeSpan JournalDelay = TimeSpan.FromMinutes(2);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeSeconds(1790000000));
    private readonly GreenApiClient _client = GreenApiClient.Create();
    private GreenApiSimulator _simulator = null!;
    private SimulatedInstance _account = null!;
    private CallInstance _instance = null!;

    public async Task InitializeAsync()
    {
        _simulator = await GreenApiSimulator.StartAsync(options => options.TimeProvider = _time);
        _account = _simulator.AddInstance(options => options.CheckWhatsappQuota = 20);
        _account.Settings.OutgoingCallWebhook = true;
        _instance = _account.ToCallInstance(_simulator.ApiUrl);
    }

    public async Task DisposeAsync() => await _simulator.DisposeAsync();

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task GetLastIncomingCallsAsync_EndedCall_AppearsAfterTheDelay()
    {
        var call = _account.PlaceCall(Caller).Ring().Decline();

        (await _client.GetLastIncomingCallsAsync(_instance)).Value.Should().BeEmpty();
        _time.Advance(JournalDelay);

        (await _client.GetLastIncomingCallsAsync(_instance)).Value.Should().BeEquivalentTo(new[]
        {
            new { call.IdMessage, ChatId = (ChatId?)ChatId.Parse(Caller), EndedAt = (DateTimeOffset?)DateTimeOffset.FromUnixTimeSeconds(1790000000), Status = CallStatus.Missed, IsGroup = (bool?)false },
        });
    }

    [Fact]
    public async Task GetLastOutgoingCallsAsync_EndedCall_HasDurationAndParticipants()
    {
        var call = _account.PlaceOutgoingCall("70000000102@c.us", options => options.TalkTime = TimeSpan.FromSeconds(31)).EndAnswered();
        _time.Advance(JournalDelay);

        var found = (await _client.GetLastOutgoingCallsAsync(_instance)).Value.Should().ContainSingle().Subject;

        found.Should().BeEquivalentTo(new { call.IdMessage, Status = CallStatus.PickUp, Duration = (TimeSpan?)TimeSpan.FromSeconds(31) });
        found.Participants.Should().Equal(new CallParticipant { Id = ChatId.Parse("70000000102@c.us"), RawStatus = "pickUp" });
    }

    [Fact]
    public async Task GetLastIncomingCallsAsync_CallerWithoutId_HasNoChatId()
    {
        _account.PlaceCall(from: null).Ring().Decline();
        _time.Advance(JournalDelay);

        (await _client.GetLastIncomingCallsAsync(_instance)).Value.Should().ContainSingle().Which.ChatId.Should().BeNull();
    }

    [Theory]
    [InlineData(1439, 0)]
    [InlineData(1442, 1)]
    public async Task GetLastIncomingCallsAsync_Age_LimitsTheCalls(int minutes, int calls)
    {
        _account.PlaceCall(Caller).Ring().Decline();
        _time.Advance(TimeSpan.FromMinutes(1441));

        (await _client.GetLastIncomingCallsAsync(_instance, TimeSpan.FromMinutes(minutes))).Value.Should().HaveCount(calls);
    }

    [Fact]
    public async Task Journals_Off_AreForbidden()
    {
        _account.GatewayQuirks = GatewayQuirks.JournalOff;

        (await _client.GetLastIncomingCallsAsync(_instance)).Status.Should().Be(GreenApiStatus.Forbidden);
        (await _client.GetLastOutgoingCallsAsync(_instance)).Status.Should().Be(GreenApiStatus.Forbidden);
    }

    [Fact]
    public async Task Methods_SecondRequestInASecond_AreRateLimited()
    {
        foreach (var status in new[] { GreenApiStatus.Ok, GreenApiStatus.RateLimited })
        {
            (await _client.GetLastIncomingCallsAsync(_instance)).Status.Should().Be(status);
            (await _client.GetLastOutgoingCallsAsync(_instance)).Status.Should().Be(status);
            (await _client.GetWaSettingsAsync(_instance)).Status.Should().Be(status);
        }
    }

    [Fact]
    public async Task CheckWhatsappAsync_LinkedId_HasThePhoneNumber()
    {
        var linkedId = ChatId.Parse(_account.LidOf(Caller));

        var result = await _client.CheckWhatsappAsync(_instance, linkedId);

        result.Value.Should().BeEquivalentTo(new { Exists = true, PhoneNumber = (ChatId?)ChatId.Parse(Caller), LinkedId = (ChatId?)linkedId, Username = (string?)null });
    }

    [Fact]
    public async Task CheckWhatsappAsync_HiddenNumber_ExistsWithoutIt()
    {
        _account.Contacts[Caller] = new() { IsPhoneNumberHidden = true, Username = "anna" };

        var result = await _client.CheckWhatsappAsync(_instance, ChatId.Parse(_account.LidOf(Caller)));

        result.Value.Should().BeEquivalentTo(new { Exists = true, PhoneNumber = (ChatId?)null, Username = "anna" });
    }

    [Fact]
    public async Task CheckWhatsappAsync_NoAccount_IsASuccess()
    {
        var result = await _client.CheckWhatsappAsync(_instance, ChatId.Parse("155500000000001@lid"));

        result.Should().BeEquivalentTo(new { IsOk = true, Value = new { Exists = false } });
    }

    [Fact]
    public async Task CheckWhatsappAsync_Group_IsABadRequestWithoutTheToken()
    {
        var result = await _client.CheckWhatsappAsync(_instance, ChatId.Parse("120363000000000001@g.us"));

        result.ToString().Should().Be("BadRequest (HTTP 400)");
    }

    [Fact]
    public async Task CheckWhatsappAsync_TooManyRequests_AreLimitedPerSecondAndMonth()
    {
        List<GreenApiStatus> statuses = [];
        for (var i = 0; i < 21; i++)
        {
            statuses.Add((await _client.CheckWhatsappAsync(_instance, ChatId.Parse(Caller))).Status);
            if (i % 10 == 9)
            {
                _time.Advance(TimeSpan.FromSeconds(1));
            }
        }

        statuses.Take(20).Should().OnlyContain(status => status == GreenApiStatus.Ok);
        statuses[20].Should().Be(GreenApiStatus.QuotaExceeded);
        for (var i = 0; i < 10; i++)
        {
            statuses.Add((await _client.CheckWhatsappAsync(_instance, ChatId.Parse(Caller))).Status);
        }

        statuses[^1].Should().Be(GreenApiStatus.RateLimited);
    }

    [Theory]
    [InlineData(SimulatedState.Suspended)]
    [InlineData(SimulatedState.YellowCard)]
    public async Task GetWaSettingsAsync_Suspended_HasTheOwnIdsAndTheEnd(SimulatedState state)
    {
        _account.State = state;
        _account.SuspendedUntil = DateTimeOffset.FromUnixTimeSeconds(1790003600);

        var result = await _client.GetWaSettingsAsync(_instance);

        result.Value.Should().BeEquivalentTo(new
        {
            State = new { State = GreenApiInstanceState.Suspended },
            PhoneNumber = (ChatId?)ChatId.Parse(_account.Wid),
            LinkedId = (ChatId?)ChatId.Parse(_account.LinkedId),
            SuspendedUntil = (DateTimeOffset?)DateTimeOffset.FromUnixTimeSeconds(1790003600),
            IsLoggingOut = false,
        });
    }

    [Fact]
    public async Task GetWaSettingsAsync_LoggedOut_HasNoIds()
    {
        _account.State = SimulatedState.NotAuthorized;

        var result = await _client.GetWaSettingsAsync(_instance);

        result.Value.Should().BeEquivalentTo(new { PhoneNumber = (ChatId?)null, LinkedId = (ChatId?)null, SuspendedUntil = (DateTimeOffset?)null });
    }
}
