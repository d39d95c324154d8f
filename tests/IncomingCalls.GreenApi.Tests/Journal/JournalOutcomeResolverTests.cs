using System.Globalization;
using IncomingCalls.GreenApi.Journal;
using IncomingCalls.GreenApi.Tests.Hosting;
using IncomingCalls.Inbox;
using IncomingCalls.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.GreenApi.Tests.Journal;

/// <summary>The journals of the simulator, with its limits, delays and quirks.</summary>
public sealed class JournalOutcomeResolverTests : IAsyncLifetime
{
    private const string Incoming = "lastIncomingCalls";
    private const string Caller = "70000000101@c.us";
    private const int Unavailable = 3036;

    private readonly TestSignal _signal = new();
    private readonly FakeTimeProvider _gatewayTime = new(DateTimeOffset.FromUnixTimeSeconds(1790000000));
    private GreenApiSimulator _simulator = null!;
    private SimulatedInstance _account = null!;
    private TestHost _host = null!;

    private IMissingOutcomeResolver Resolver => _host.Services.GetRequiredService<IMissingOutcomeResolver>();

    public async Task InitializeAsync()
    {
        _simulator = await GreenApiSimulator.StartAsync(options => options.TimeProvider = _gatewayTime);
        _account = _simulator.AddInstance();
        _account.Settings.OutgoingCallWebhook = true;
        _host = await TestHost.StartAsync(_signal, [_account.ToCallInstance(_simulator.ApiUrl, ReceiveMode.Webhook)], useFakeClock: true);
        _host.Time.SetUtcNow(_gatewayTime.GetUtcNow());
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    [Theory]
    [InlineData("pickUp", CallStatus.PickUp)]
    [InlineData("hungUp", CallStatus.HungUp)]
    [InlineData("missed", CallStatus.Missed)]
    [InlineData("declined", CallStatus.Missed)]
    public async Task ResolveAsync_LostOutcome_IsFoundById(string status, CallStatus expected)
    {
        var call = _account.PlaceCall(Caller, static options => options.Quirks = CallQuirks.LostOutcome).Ring().Send(status);
        var missing = CreateMissing(call);
        Advance(TimeSpan.FromMinutes(15));

        var entry = (await ResolveAsync(missing)).Entry;

        entry.Should().BeEquivalentTo(new { Direction = CallDirection.Incoming, Status = expected, ChatId = (ChatId?)ChatId.Parse(Caller), EndedAt = missing.FirstReceivedAt });
    }

    [Fact]
    public async Task ResolveAsync_NoEntry_IsAskedAgainAfterHalfAnHourAndThenHourlyForADay()
    {
        var missing = CreateMissing("A", Caller);
        Advance(TimeSpan.FromMinutes(15));
        List<double> hours = [];
        for (var resolution = await ResolveAsync(missing); resolution.AskAgainAt is { } next; resolution = await ResolveAsync(missing))
        {
            resolution.IsPostponed.Should().BeFalse();
            hours.Add(Math.Round((next - missing.FirstReceivedAt).TotalHours, 1));
            Advance(next - _host.Time.GetUtcNow());
        }

        hours.Should().Equal([0.5, .. Enumerable.Range(1, 24).Select(static hour => (double)hour)]);
        _account.Requests[Incoming].Should().Be(26);
    }

    [Fact]
    public async Task ResolveAsync_SeveralCallsWithinAMinute_OneRequest()
    {
        var missing = Enumerable.Range(0, 5).Select(_ => CreateMissing(_account.PlaceCall(Caller, static options => options.Quirks = CallQuirks.LostOutcome).Ring().Decline())).ToArray();
        Advance(TimeSpan.FromMinutes(15));

        var found = await Task.WhenAll(missing.Select(ResolveAsync));

        found.Should().OnlyContain(resolution => resolution.Entry != null);
        _account.Requests[Incoming].Should().Be(1);
    }

    [Fact]
    public async Task ResolveAsync_OlderCallThanTheAnswerContains_IsPostponedAMinute()
    {
        var older = CreateMissing(_account.PlaceCall(Caller, static options => options.Quirks = CallQuirks.LostOutcome).Ring().Decline());
        Advance(TimeSpan.FromHours(2));
        var newer = CreateMissing("A", Caller);
        Advance(TimeSpan.FromMinutes(15));
        await ResolveAsync(newer);

        (await ResolveAsync(older)).Should().BeEquivalentTo(new { IsPostponed = true, AskAgainAt = (DateTimeOffset?)_host.Time.GetUtcNow().AddMinutes(1) });
        Advance(TimeSpan.FromMinutes(1));

        (await ResolveAsync(newer)).Entry.Should().BeNull();
        (await ResolveAsync(older)).Entry.Should().NotBeNull("the request for the newer call asks for the older one, too");
        _account.Requests[Incoming].Should().Be(2);
    }

    [Fact]
    public async Task ResolveAsync_OwnNumberCallOfAClient_HasTheCaller()
    {
        var missing = CreateMissing(_account.PlaceCall(Caller, static options => options.Quirks = CallQuirks.OwnNumber).Ring().Decline(), isFromSelf: true);
        Advance(Resolver.MinDelay);

        (await ResolveAsync(missing)).Entry.Should().BeEquivalentTo(new { Direction = CallDirection.Incoming, Status = CallStatus.Missed, ChatId = (ChatId?)ChatId.Parse(Caller) });
    }

    [Fact]
    public async Task ResolveAsync_OwnCall_IsOutgoing()
    {
        var missing = CreateMissing(_account.PlaceCall(Caller, static options => options.Quirks = CallQuirks.OwnCall).Ring().Decline(), isFromSelf: true);
        Advance(Resolver.MinDelay);

        (await ResolveAsync(missing)).Entry.Should().BeEquivalentTo(new { Direction = CallDirection.Outgoing, Status = CallStatus.HungUp, ChatId = (ChatId?)ChatId.Parse(Caller) });
    }

    [Fact]
    public async Task ResolveAsync_OwnNumberCallWithoutEntry_IsAskedWithinFiveMinutes()
    {
        var missing = CreateMissing("A", Caller, isFromSelf: true);
        Advance(Resolver.MinDelay);
        List<double> minutes = [];
        for (var next = (await ResolveAsync(missing)).AskAgainAt; next < missing.FirstReceivedAt.AddMinutes(5); next = (await ResolveAsync(missing)).AskAgainAt)
        {
            minutes.Add(Math.Round((next.Value - missing.FirstReceivedAt).TotalMinutes, 1));
            Advance(next.Value - _host.Time.GetUtcNow());
        }

        minutes.Should().Equal(3, 4, 4.8);
    }

    [Fact]
    public async Task ResolveAsync_OtherIdsInTheJournal_UnansweredCallIsFoundByChatAndTime()
    {
        var call = _account.PlaceCall(Caller, static options => options.Quirks = CallQuirks.LostOutcome | CallQuirks.JournalOtherIds).Ring();
        var missing = CreateMissing(call);
        Advance(TimeSpan.FromSeconds(40));
        call.Decline();
        Advance(TimeSpan.FromMinutes(15));

        (await ResolveAsync(missing)).Entry!.Status.Should().Be(CallStatus.Missed);
    }

    [Theory]
    [InlineData(10, "pickUp", "the end of an answered call tells nothing about its offer")]
    [InlineData(90, "declined", "no call rings for that long")]
    public async Task ResolveAsync_OtherIdsInTheJournal_WhatMayBeAnotherCallIsNotFound(int seconds, string status, string because)
    {
        var call = _account.PlaceCall(Caller, static options => options.Quirks = CallQuirks.LostOutcome | CallQuirks.JournalOtherIds).Ring();
        var missing = CreateMissing(call);
        Advance(TimeSpan.FromSeconds(seconds));
        call.Send(status);
        Advance(TimeSpan.FromMinutes(15));

        (await ResolveAsync(missing)).Entry.Should().BeNull(because);
    }

    [Fact]
    public async Task ResolveAsync_TwoCallsOfTheChatAndOtherIds_IsAmbiguous()
    {
        var missing = CreateMissing(_account.PlaceCall(Caller, static options => options.Quirks = CallQuirks.LostOutcome | CallQuirks.JournalOtherIds).Ring().Decline());
        Advance(TimeSpan.FromMinutes(2));
        _account.PlaceCall(Caller, static options => options.Quirks = CallQuirks.JournalOtherIds).Ring().Drop();
        Advance(TimeSpan.FromMinutes(15));

        (await ResolveAsync(missing)).Entry.Should().BeNull();
    }

    [Fact]
    public async Task ResolveAsync_IdsAreEqual_CallIsNotFoundByChat()
    {
        var first = CreateMissing(_account.PlaceCall("70000000102@c.us", static options => options.Quirks = CallQuirks.LostOutcome).Ring().Decline());
        var second = CreateMissing(_account.PlaceCall(Caller, static options => options.Quirks = CallQuirks.LostOutcome | CallQuirks.JournalOtherIds).Ring().Decline());
        Advance(TimeSpan.FromMinutes(15));

        (await ResolveAsync(first)).Entry.Should().NotBeNull();
        (await ResolveAsync(second)).Entry.Should().BeNull("it is another call");
    }

    [Fact]
    public async Task ResolveAsync_LinkedIdAndOtherIdsInTheJournal_IsNotFound()
    {
        var missing = CreateMissing(
            _account.PlaceCall(Caller, static options => options.Quirks = CallQuirks.LostOutcome | CallQuirks.JournalOtherIds | CallQuirks.JournalLid).Ring().Decline());
        Advance(TimeSpan.FromMinutes(15));

        (await ResolveAsync(missing)).Entry.Should().BeNull();
    }

    [Theory]
    [InlineData(400, """{"message":"Validation failed"}""")]
    [InlineData(401, "")]
    [InlineData(200, """{"code":401,"description":"Unauthorized"}""")]
    [InlineData(403, "<html>Forbidden</html>")]
    [InlineData(404, "<html>Not found</html>")]
    [InlineData(466, """{"invokeStatus":{"method":"lastincomingcalls","status":"QUOTE_EXCEEDED"}}""")]
    public async Task ResolveAsync_Refused_IsNotAskedForSixHours(int status, string body)
    {
        _simulator.FailNext(Incoming, status, body);
        var missing = CreateMissing(_account.PlaceCall(Caller, static options => options.Quirks = CallQuirks.LostOutcome).Ring().Decline());
        Advance(TimeSpan.FromMinutes(15));

        (await ResolveAsync(missing)).Should().Be(OutcomeResolution.None);
        Resolver.Covers(_account.IdInstance).Should().BeFalse();
        (await ResolveAsync(missing)).Should().Be(OutcomeResolution.None);
        _account.Requests[Incoming].Should().Be(1);
        _host.LogsOf(Unavailable).Should().ContainSingle();
        Advance(TimeSpan.FromHours(6));

        (await ResolveAsync(missing)).Entry.Should().NotBeNull();
    }

    [Fact]
    public async Task ResolveAsync_RefusedOnceAfterAGoodAnswer_IsTransient()
    {
        var missing = CreateMissing("A", Caller);
        Advance(TimeSpan.FromMinutes(15));
        await ResolveAsync(missing);
        _simulator.FailNext(Incoming, 403, "<html>Forbidden</html>");
        Advance(TimeSpan.FromMinutes(15));

        (await ResolveAsync(missing)).AskAgainAt.Should().NotBeNull();
        Resolver.Covers(_account.IdInstance).Should().BeTrue();

        _simulator.FailNext(Incoming, 403, "<html>Forbidden</html>");
        Advance(TimeSpan.FromMinutes(30));
        await ResolveAsync(missing);
        Resolver.Covers(_account.IdInstance).Should().BeFalse("it stays so");
    }

    [Fact]
    public async Task Covers_RefusedBeforeARestart_IsKnownUntilTheTokenChanges()
    {
        _account.GatewayQuirks = GatewayQuirks.JournalOff;
        Advance(TimeSpan.FromMinutes(1));
        await ResolveAsync(CreateMissing("A", Caller));
        using var journals = ActivatorUtilities.CreateInstance<CallJournals>(_host.Services);
        var restarted = ActivatorUtilities.CreateInstance<JournalOutcomeResolver>(_host.Services, journals);

        (await restarted.ResolveAsync(CreateMissing("A", Caller), default)).Should().Be(OutcomeResolution.None);
        restarted.Covers(_account.IdInstance).Should().BeFalse();
        _account.Requests[Incoming].Should().Be(1);

        _account.ApiTokenInstance = "another-token";
        _host.Instances.Set([_account.ToCallInstance(_simulator.ApiUrl, ReceiveMode.Webhook)]);
        await _signal.WaitUntilAsync(() => restarted.Covers(_account.IdInstance));
    }

    [Theory]
    [InlineData(429, "")]
    [InlineData(500, "<html>Error</html>")]
    [InlineData(502, "<html>Bad gateway</html>")]
    [InlineData(400, """{"message":"Instance account is expired. Renew your instance from personal area"}""")]
    [InlineData(200, "<html>Login</html>")]
    [InlineData(200, "[1,null,{},{\"idMessage\":\"B\",\"status\":{}}]")]
    public async Task ResolveAsync_UselessAnswer_IsAskedAgainLater(int status, string body)
    {
        _simulator.FailNext(Incoming, status, body);
        var missing = CreateMissing("A", Caller);
        Advance(TimeSpan.FromMinutes(15));

        var resolution = await ResolveAsync(missing);

        resolution.Entry.Should().BeNull();
        resolution.AskAgainAt.Should().BeCloseTo(missing.FirstReceivedAt.AddMinutes(30.5), TimeSpan.FromSeconds(31));
        Resolver.Covers(_account.IdInstance).Should().BeTrue();
        _host.LogsOf(Unavailable).Should().BeEmpty();
    }

    [Fact]
    public async Task ResolveAsync_TenThousandEntries_FindsTheCall()
    {
        var entries = Enumerable.Range(0, 10_000).Select(static i => $$"""
            {"type":"incoming","idMessage":"{{(i == 7_000 ? "A" : $"X{i.ToString(CultureInfo.InvariantCulture)}")}}","timestamp":1790000020,"typeMessage":"incomingCall","chatId":"{{Caller}}","status":"missed"}
            """);
        _simulator.FailNext(Incoming, 200, $"[{string.Join(',', entries)}]");
        var missing = CreateMissing("A", Caller);
        Advance(TimeSpan.FromMinutes(15));

        (await ResolveAsync(missing)).Entry!.Status.Should().Be(CallStatus.Missed);
    }

    [Fact]
    public async Task ResolveAsync_TwoEntriesWithTheId_IsAmbiguous()
    {
        _simulator.FailNext(Incoming, 200, """[{"idMessage":"A","timestamp":1790000020,"status":"missed"},{"idMessage":"A","timestamp":1790000030,"status":"pickUp"}]""");
        Advance(TimeSpan.FromMinutes(15));

        (await ResolveAsync(CreateMissing("A", Caller))).Entry.Should().BeNull();
    }

    [Fact]
    public async Task Covers_InstanceWithoutTokenOrUnknown_IsFalse()
    {
        Resolver.Covers(_account.IdInstance).Should().BeTrue();
        Resolver.Covers(_account.IdInstance + 1).Should().BeFalse();

        _host.Instances.Set([new() { IdInstance = _account.IdInstance, Receive = ReceiveMode.Webhook }]);

        await _signal.WaitUntilAsync(() => !Resolver.Covers(_account.IdInstance));
    }

    [Fact]
    public async Task Covers_JournalIsOff_IsFalse()
    {
        await using var host = await TestHost.StartAsync(
            _signal,
            [_account.ToCallInstance(_simulator.ApiUrl, ReceiveMode.Webhook)],
            static calls => calls.AddGreenApi(static options => options.CallJournal = CallJournalUse.Off));

        host.Services.GetRequiredService<IMissingOutcomeResolver>().Covers(_account.IdInstance).Should().BeFalse();
    }

    private Task<OutcomeResolution> ResolveAsync(MissingOutcome missing) => Resolver.ResolveAsync(missing, CancellationToken.None).AsTask();

    private void Advance(TimeSpan time)
    {
        _gatewayTime.Advance(time);
        _host.Time.SetUtcNow(_gatewayTime.GetUtcNow());
    }

    private MissingOutcome CreateMissing(SimulatedCall call, bool isFromSelf = false) => CreateMissing(call.IdMessage, Caller, isFromSelf);

    private MissingOutcome CreateMissing(string idMessage, string caller, bool isFromSelf = false) => new()
    {
        Call = new()
        {
            Key = new(_account.IdInstance, idMessage),
            Caller = isFromSelf ? IncomingCalls.Caller.Anonymous : new() { ChatId = ChatId.Parse(caller) },
            OfferedAt = _gatewayTime.GetUtcNow(),
            Anomalies = isFromSelf ? CallAnomalies.FromSelf : CallAnomalies.None,
        },
        FirstReceivedAt = _gatewayTime.GetUtcNow(),
    };
}
