using System.Globalization;
using System.Text;
using IncomingCalls.GreenApi.Callers;
using IncomingCalls.GreenApi.Tests.Hosting;
using IncomingCalls.Inbox;
using IncomingCalls.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.GreenApi.Tests.Callers;

/// <summary>Calls in linked-id mode, from the simulator to the chat record: the number of the caller, and calls of the own linked id.</summary>
public sealed class LinkedIdCallTests : IAsyncLifetime
{
    private const string Number = "70000000101@c.us";

    private readonly TestSignal _signal = new();
    private GreenApiSimulator _simulator = null!;
    private SimulatedInstance _account = null!;
    private TestHost? _host;

    public async Task InitializeAsync()
    {
        _simulator = await GreenApiSimulator.StartAsync(options => options.EnforceRateLimits = false);
        _account = _simulator.AddInstance();
    }

    public async Task DisposeAsync()
    {
        await (_host?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _simulator.DisposeAsync();
    }

    [Fact]
    public async Task Record_LinkedId_HasThePhoneNumberAndOneRequestADay()
    {
        var records = await StartAsync();
        var lid = _account.LidOf(Number);

        await CallAsync("A1", lid);
        await CallAsync("A2", lid);
        records.Callers.Should().HaveCount(2).And.OnlyContain(static caller => caller.PhoneNumber == "+70000000101" && caller.DisplayName == "+70000000101" && caller.Name == null);
        records.Callers[0].ChatId!.Value.Value.Should().Be(lid);
        _account.Requests["checkWhatsapp"].Should().Be(1);

        _host!.Time.Advance(TimeSpan.FromDays(1));
        await CallAsync("A3", lid);
        await _signal.WaitUntilAsync(() => _account.Requests["checkWhatsapp"] == 2);
    }

    [Fact]
    public async Task Record_NameOfTheHost_HasThePhoneNumberToo()
    {
        var records = await StartAsync(calls => calls.AddCallerNames<EveryoneIsAnna>());

        await CallAsync("A1", _account.LidOf(Number));

        records.Callers.Should().ContainSingle().Which.Should().BeEquivalentTo(new { Name = "Anna", PhoneNumber = "+70000000101" });
        _account.Requests.Should().NotContainKey("getContactInfo");
    }

    [Fact]
    public async Task Record_NumberHidden_ShowsTheId()
    {
        var records = await StartAsync();
        _account.Contacts[Number] = new() { IsPhoneNumberHidden = true };
        var lid = _account.LidOf(Number);

        await CallAsync("A1", lid);
        await CallAsync("A2", lid);

        records.Callers.Should().HaveCount(2).And.OnlyContain(caller => caller.PhoneNumber == null && caller.DisplayName == lid);
        _account.Requests["checkWhatsapp"].Should().Be(1);
    }

    [Fact]
    public async Task Record_QuotaUsedUp_ShowsTheIdAndCallsAreHandled()
    {
        var records = await StartAsync();
        _account.IsQuotaExhausted = true;
        var lid = _account.LidOf(Number);

        await CallAsync("A1", lid);
        await CallAsync("A2", lid);

        records.Callers.Should().HaveCount(2).And.OnlyContain(caller => caller.DisplayName == lid);
        _account.Requests["checkWhatsapp"].Should().Be(1);
    }

    [Theory]
    [InlineData("v3", "10000001", "")]
    [InlineData("telegram", "500000001", "Boris")]
    public async Task Record_MaxOrTelegram_HasThePhoneNumberOfTheContact(string messenger, string chatId, string name)
    {
        _account = _simulator.AddInstance(options => options.TypeInstance = messenger);
        _account.Contacts[chatId] = new() { Name = name, PhoneNumber = 70000000116 };
        var records = await StartAsync();

        await CallAsync("A1", chatId);

        records.Callers.Should().ContainSingle().Which.PhoneNumber.Should().Be("+70000000116");
        _account.Requests.Should().NotContainKey("checkWhatsapp");
    }

    [Fact]
    public async Task Offer_FromOwnLinkedId_IsTreatedAsACallOfTheOwnNumber()
    {
        var records = await StartAsync();
        await WaitForOwnAccountAsync();

        await CallAsync("A1", _account.LinkedId);

        records.Callers.Should().ContainSingle().Which.Should().Be(Caller.Anonymous);
        _host!.Recorder.Events.Should().ContainSingle().Which.Call.Anomalies.Should().Be(CallAnomalies.FromSelf);
        _host.LogsOf(1051).Should().ContainSingle();
        _account.Requests.Should().NotContainKey("checkWhatsapp");
    }

    [Fact]
    public async Task Offer_OwnCallInLinkedIdMode_IsTreatedAsACallOfTheOwnNumber()
    {
        (_account.CallQuirks, _account.Settings.EnableLidMode) = (CallQuirks.OwnCall, true);
        var records = await StartAsync();
        await WaitForOwnAccountAsync();

        _account.PlaceCall(Number).Ring();
        await _host!.Services.GetRequiredService<ICallIntake>().AcceptAsync(_account.History[^1].Body);
        await _signal.WaitUntilAsync(() => records.Callers.Count == 1);

        records.Callers[0].Should().Be(Caller.Anonymous);
        _host.LogsOf(1051).Should().ContainSingle();
    }

    [Fact]
    public async Task OwnAccount_InstanceIsNotLoggedIn_IsRequestedAgain()
    {
        _account.State = SimulatedState.NotAuthorized;
        await StartAsync();
        await _signal.WaitUntilAsync(() => _host!.LogsOf(3035).Any());
        var delay = TimeSpan.FromMilliseconds(Math.Ceiling(1000 * double.Parse(_host!.LogsOf(3035).Single().GetStructuredStateValue("Delay")!, CultureInfo.InvariantCulture)));
        _account.State = SimulatedState.Authorized;

        await _host.Time.WaitForTimerAsync(delay);
        _host.Time.Advance(delay);
        await WaitForOwnAccountAsync();

        _account.Requests["getWaSettings"].Should().Be(2);
    }

    [Fact]
    public async Task OwnAccount_Known_IsRequestedAgainAfterADayAndWithAnotherToken()
    {
        await StartAsync();
        await WaitForOwnAccountAsync();
        _account.Requests["getWaSettings"].Should().Be(1);
        _account.LinkedId = "199999999999997@lid";
        await _host!.Time.WaitForTimerAsync(TimeSpan.FromDays(1));
        _host.Time.Advance(TimeSpan.FromDays(1));
        await WaitForOwnAccountAsync();
        _account.Requests["getWaSettings"].Should().Be(2);
        _account.LinkedId = "199999999999998@lid";

        _account.ApiTokenInstance = "another";
        _host.Instances.Set([_account.ToCallInstance(_simulator.ApiUrl, ReceiveMode.Webhook)]);
        await WaitForOwnAccountAsync();

        _account.Requests["getWaSettings"].Should().Be(3);
        _host.Services.GetRequiredService<OwnAccounts>().IsOwn(_account.IdInstance, ChatId.Parse("199999999999999@lid")).Should().BeFalse();
    }

    [Fact]
    public async Task OwnAccount_InstanceRemoved_IsForgotten()
    {
        await StartAsync();
        await WaitForOwnAccountAsync();
        var own = _host!.Services.GetServices<IOwnIdentities>().OfType<OwnAccounts>().Single();

        _host.Instances.Set([]);

        await _signal.WaitUntilAsync(() => !own.IsOwn(_account.IdInstance, ChatId.Parse(_account.LinkedId)));
    }

    private Task WaitForOwnAccountAsync()
    {
        var own = _host!.Services.GetRequiredService<OwnAccounts>();
        return _signal.WaitUntilAsync(() => own.IsOwn(_account.IdInstance, ChatId.Parse(_account.LinkedId)));
    }

    /// <summary>Accepts an offer, and waits for its chat record.</summary>
    private async Task CallAsync(string id, string chatId)
    {
        var records = _host!.Services.GetRequiredService<Records>();
        var count = records.Callers.Count;
        await _host.Services.GetRequiredService<ICallIntake>().AcceptAsync(Encoding.UTF8.GetBytes(NotificationJson.IncomingCall(id, idInstance: _account.IdInstance, from: chatId)));
        await _signal.WaitUntilAsync(() => records.Callers.Count > count);
    }

    private async Task<Records> StartAsync(Action<IIncomingCallsBuilder>? configure = null)
    {
        _host = await TestHost.StartAsync(
            _signal,
            [_account.ToCallInstance(_simulator.ApiUrl, ReceiveMode.Webhook)],
            calls =>
            {
                calls.Services.AddSingleton(new Records(_signal));
                calls.AddChatRecorder<Recorder>();
                configure?.Invoke(calls);
            },
            useFakeClock: true);
        return _host.Services.GetRequiredService<Records>();
    }

    internal sealed class Records(TestSignal signal)
    {
        private readonly Lock _gate = new();
        private readonly List<Caller> _callers = [];

        public IReadOnlyList<Caller> Callers
        {
            get
            {
                lock (_gate)
                {
                    return [.. _callers];
                }
            }
        }

        public void Add(Caller caller)
        {
            lock (_gate)
            {
                _callers.Add(caller);
            }

            signal.Notify();
        }
    }

    internal sealed class Recorder(Records records) : IChatRecorder
    {
        public ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken)
        {
            records.Add(record.Caller);
            return default;
        }
    }

    internal sealed class EveryoneIsAnna : ICallerNameResolver
    {
        public ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) => new(new CallerName { Name = "Anna", Source = "crm" });
    }
}
