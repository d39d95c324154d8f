using IncomingCalls.GreenApi.Journal;
using IncomingCalls.GreenApi.Tests.Hosting;
using IncomingCalls.Inbox;
using IncomingCalls.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.GreenApi.Tests.Journal;

/// <summary>Calls that only the journals of the simulator know.</summary>
public sealed class JournalScannerTests : IAsyncLifetime
{
    private const string Caller = "70000000101@c.us";

    private readonly TestSignal _signal = new();
    private readonly FakeTimeProvider _gatewayTime = new(DateTimeOffset.FromUnixTimeSeconds(1790000000));
    private GreenApiSimulator _simulator = null!;
    private SimulatedInstance _account = null!;
    private TestHost _host = null!;

    private IEnumerable<string> Events => _host.Recorder.Events.Select(static callEvent => $"{callEvent.Kind} {callEvent.Call.Source}");

    public async Task InitializeAsync()
    {
        _simulator = await GreenApiSimulator.StartAsync(options => options.TimeProvider = _gatewayTime);
        _account = _simulator.AddInstance();
        _account.Settings.OutgoingCallWebhook = true;
        _host = await TestHost.StartAsync(_signal, [_account.ToCallInstance(_simulator.ApiUrl, ReceiveMode.Webhook)], useFakeClock: true);
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task ScanAsync_OnlySource_CreatesEachCallOnceSinceTheFirstStart()
    {
        _account.PlaceCall(Caller).Ring().Decline();
        Advance(TimeSpan.FromMinutes(2));
        var scanner = CreateScanner(isOnlySource: true);
        await scanner.ScanAsync(default);

        var call = _account.PlaceCall(Caller).Ring().Decline();
        _account.PlaceCall(Caller).Ring().Answer();
        await ScanAfterAsync(scanner, TimeSpan.FromMinutes(3));
        await ScanAfterAsync(scanner, TimeSpan.FromMinutes(3));
        await ScanAfterAsync(CreateScanner(isOnlySource: true), TimeSpan.FromMinutes(3));

        Events.Should().BeEquivalentTo("Missed Journal", "Answered Journal");
        var missed = _host.Recorder.Events.Single(static callEvent => callEvent.Kind == CallEventKind.Missed);
        missed.Call.Key.IdMessage.Should().Be(call.IdMessage);
        missed.Caller.ChatId.Should().Be(ChatId.Parse(Caller));
        missed.IsLive.Should().BeFalse();
    }

    [Fact]
    public async Task ScanAsync_FourAnnouncedCalls_CreatesNone()
    {
        var scanner = await StartAnnouncedAsync(CallQuirks.None, JournalScanner.RequiredMatches - 1);
        PlaceUnannounced();

        await ScanAfterAsync(scanner, TimeSpan.FromMinutes(13));

        Events.Should().NotContain(static text => text.EndsWith("Journal", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ScanAsync_SameAnnouncedCallAfterEveryRestart_CountsOnce()
    {
        await StartAnnouncedAsync(CallQuirks.None, calls: 1);
        for (var i = 0; i < JournalScanner.RequiredMatches; i++)
        {
            await ScanAfterAsync(CreateScanner(isOnlySource: false), TimeSpan.FromMinutes(2));
        }

        PlaceUnannounced();
        await ScanAfterAsync(CreateScanner(isOnlySource: false), TimeSpan.FromMinutes(13));

        Events.Should().NotContain(static text => text.EndsWith("Journal", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ScanAsync_FiveAnnouncedCalls_CreatesWhatWasNotAnnounced()
    {
        var scanner = await StartAnnouncedAsync(CallQuirks.None);
        var lost = PlaceUnannounced();

        await ScanAfterAsync(scanner, TimeSpan.FromMinutes(5));
        Events.Should().NotContain("Missed Journal", "its notifications may be on their way");
        await ScanAfterAsync(scanner, TimeSpan.FromMinutes(8));
        await ScanAfterAsync(scanner, TimeSpan.FromMinutes(8));

        _host.Recorder.Events.Where(static callEvent => callEvent.Call.Source == CallSource.Journal).Should().ContainSingle().Which.Call.Key.IdMessage.Should().Be(lost);
    }

    [Fact]
    public async Task ScanAsync_OtherIdsInTheJournal_CreatesNone()
    {
        var scanner = await StartAnnouncedAsync(CallQuirks.JournalOtherIds);
        PlaceUnannounced();

        await ScanAfterAsync(scanner, TimeSpan.FromMinutes(13));

        Events.Should().NotContain(static text => text.EndsWith("Journal", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ScanAsync_AnnouncedCalls_AreNotChanged()
    {
        await StartAnnouncedAsync(CallQuirks.JournalHungUpForDeclined);

        Events.Should().OnlyContain(static text => text == "Offered Notification" || text == "Missed Notification");
        Events.Count(static text => text.StartsWith("Missed", StringComparison.Ordinal)).Should().Be(JournalScanner.RequiredMatches);
    }

    [Fact]
    public async Task ScanAsync_CallThatWasAnsweredElsewhere_RaisesItsOutcome()
    {
        var scanner = CreateScanner(isOnlySource: false);
        await scanner.ScanAsync(default);
        var call = _account.PlaceCall(Caller).Ring().Decline();
        await DeliverAsync();
        call.Answer();

        await ScanAfterAsync(scanner, TimeSpan.FromMinutes(13));

        _host.Recorder.Events.Should().Contain(static callEvent => callEvent.Kind == CallEventKind.Answered && callEvent.PreviousOutcome == CallOutcome.Missed && callEvent.Call.OutcomeSource == CallSource.Journal);
    }

    [Fact]
    public async Task ScanAsync_AfterADayWithoutScan_LooksBackLessThanADay()
    {
        var scanner = CreateScanner(isOnlySource: true);
        await scanner.ScanAsync(default);
        PlaceUnannounced();
        Advance(TimeSpan.FromHours(2));
        var recent = PlaceUnannounced();

        await ScanAfterAsync(CreateScanner(isOnlySource: true), TimeSpan.FromHours(22.5));

        _host.Recorder.Events.Select(static callEvent => callEvent.Call.Key.IdMessage).Should().Equal(recent);
    }

    private JournalScanner CreateScanner(bool isOnlySource) => ActivatorUtilities.CreateInstance<JournalScanner>(_host.Services, _account.IdInstance, isOnlySource);

    /// <summary>Creates a scanner that has read the entries of announced calls.</summary>
    private async Task<JournalScanner> StartAnnouncedAsync(CallQuirks quirks, int calls = JournalScanner.RequiredMatches)
    {
        _account.CallQuirks = quirks;
        var scanner = CreateScanner(isOnlySource: false);
        await scanner.ScanAsync(default);
        for (var i = 0; i < calls; i++)
        {
            _account.PlaceCall($"7000000{2000 + i}@c.us").Ring().Decline();
        }

        await DeliverAsync();
        await ScanAfterAsync(scanner, TimeSpan.FromMinutes(13));
        return scanner;
    }

    private string PlaceUnannounced() => _account.PlaceCall(Caller).Ring().Decline().IdMessage;

    /// <summary>Passes what the gateway has sent to the host.</summary>
    private async Task DeliverAsync()
    {
        var intake = _host.Services.GetRequiredService<ICallIntake>();
        foreach (var sent in _account.History)
        {
            await intake.AcceptAsync(sent.Body);
        }
    }

    private async Task ScanAfterAsync(JournalScanner scanner, TimeSpan time)
    {
        Advance(time);
        await scanner.ScanAsync(default);
    }

    private void Advance(TimeSpan time)
    {
        _gatewayTime.Advance(time);
        _host.Time.Advance(time);
    }
}
