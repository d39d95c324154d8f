using System.Text;
using IncomingCalls.GreenApi.Tests.Hosting;
using IncomingCalls.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.GreenApi.Tests.Callers;

/// <summary>The caller in the chat record, for the answers of each messenger.</summary>
public sealed class CallerIdentityTests : IAsyncLifetime
{
    private readonly TestSignal _signal = new();
    private GreenApiSimulator _simulator = null!;

    public async Task InitializeAsync() => _simulator = await GreenApiSimulator.StartAsync(options => options.EnforceRateLimits = false);

    public async Task DisposeAsync() => await _simulator.DisposeAsync();

    [Theory]
    [InlineData("whatsapp", "70000000101@c.us", "Ivan (office)", "vanya", "Ivan (office)", "contactName")]
    [InlineData("whatsapp", "70000000101@c.us", "", "vanya", "vanya", "name")]
    [InlineData("whatsapp", "70000000101@c.us", " \t", " vanya ", "vanya", "name")]
    [InlineData("whatsapp", "70000000101@c.us", "", "", "+70000000101", null)]
    [InlineData("whatsapp", "70000000101@c.us", " ", "\u00a0", "+70000000101", null)]
    [InlineData("whatsapp", "100000000000001@lid", "Ivan (office)", "", "Ivan (office)", "contactName")]
    [InlineData("whatsapp", "100000000000001@lid", "", "", "100000000000001@lid", null)]
    [InlineData("v3", "10000001", "", "Anna", "Anna", "name")]
    [InlineData("v3", "10000001", "", "", "10000001", null)]
    [InlineData("telegram", "500000001", "Boris (work)", "Boris", "Boris (work)", "contactName")]
    [InlineData("telegram", "500000001", "", "", "500000001", null)]
    public async Task Record_NamesInResponse_PrefersContactNameThenNameThenNumberThenId(
        string messenger, string chatId, string contactName, string name, string shown, string? source)
    {
        var account = AddInstance(messenger);
        account.Contacts[chatId] = new() { ContactName = contactName, Name = name };

        var caller = await RecordCallerAsync(account, chatId);

        (caller.DisplayName, caller.NameSource).Should().Be((shown, source));
        account.Requests["getContactInfo"].Should().Be(1);
    }

    [Theory]
    [InlineData("v3", "10000001", "", 70000000116, "+70000000116", "phoneNumber")]
    [InlineData("telegram", "500000001", "", 70000000116, "+70000000116", "phoneNumber")]
    [InlineData("telegram", "500000001", "Boris", 70000000116, "Boris", "name")]
    [InlineData("v3", "10000001", "", 0, "10000001", null)]
    [InlineData("v3", "10000001", "", 7, "10000001", null)]
    public async Task Record_MaxOrTelegramReturnsPhoneNumber_NumberIsFallbackName(
        string messenger, string chatId, string name, long phoneNumber, string shown, string? source)
    {
        var account = AddInstance(messenger);
        account.Contacts[chatId] = new() { Name = name, PhoneNumber = phoneNumber };

        var caller = await RecordCallerAsync(account, chatId);

        (caller.DisplayName, caller.NameSource).Should().Be((shown, source));
    }

    [Theory]
    [InlineData("70000000103@c.us", """{"avatar":"","email":"","category":"","description":"","products":[],"chatId":"70000000103@c.us","lastSeen":null,"isArchive":false}""", "+70000000103")]
    [InlineData("70000000103@c.us", """{"name":null,"contactName":17}""", "+70000000103")]
    [InlineData("100000000000001@lid", """{"name":"","contactName":"","phoneNumber":100000000000001}""", "100000000000001@lid")]
    public async Task Record_ResponseWithoutNames_ShowsNumberOrIdButNeverLidDigits(string chatId, string answer, string shown)
    {
        _simulator.FailNext("getContactInfo", 200, answer);

        (await RecordCallerAsync(AddInstance(), chatId)).DisplayName.Should().Be(shown);
    }

    [Theory]
    [InlineData("whatsapp", "120363000000000001@g.us")]
    [InlineData("whatsapp", "70000000107-1581230000@g.us")]
    [InlineData("v3", "-10000000000001")]
    public async Task Record_Group_ShowsIdAndSendsNoRequest(string messenger, string chatId)
    {
        var account = AddInstance(messenger);

        (await RecordCallerAsync(account, chatId)).DisplayName.Should().Be(chatId);

        account.Requests.Should().NotContainKey("getContactInfo");
    }

    [Theory]
    [InlineData(400)]
    [InlineData(466)]
    [InlineData(500)]
    public async Task Record_LookupFails_ShowsNumber(int status)
    {
        _simulator.FailNext("getContactInfo", status);

        (await RecordCallerAsync(AddInstance(), "70000000101@c.us")).DisplayName.Should().Be("+70000000101");
    }

    [Fact]
    public async Task Record_HostResolverReturnsName_SendsNoRequest()
    {
        var account = AddInstance();
        account.Contacts["70000000101@c.us"] = new() { ContactName = "Ivan (office)" };

        var caller = await RecordCallerAsync(account, "70000000101@c.us", calls => calls.AddCallerNames<CrmCallerNameResolver>());

        (caller.DisplayName, caller.NameSource).Should().Be(("Customer 101", "crm"));
        account.Requests.Should().NotContainKey("getContactInfo");
    }

    private SimulatedInstance AddInstance(string messenger = "whatsapp") => _simulator.AddInstance(options => options.TypeInstance = messenger);

    private async Task<Caller> RecordCallerAsync(SimulatedInstance account, string chatId, Action<IIncomingCallsBuilder>? configure = null)
    {
        var recorder = new Recorder(_signal);
        await using var host = await TestHost.StartAsync(
            _signal,
            [account.ToCallInstance(_simulator.ApiUrl, ReceiveMode.Webhook)],
            calls =>
            {
                configure?.Invoke(calls);
                calls.Services.AddSingleton(recorder);
                calls.AddChatRecorder<Recorder>();
            },
            useFakeClock: true);
        await host.Services.GetRequiredService<ICallIntake>().AcceptAsync(
            Encoding.UTF8.GetBytes(NotificationJson.IncomingCall("A1", idInstance: account.IdInstance, from: chatId)));
        return recorder.Caller!;
    }

    internal sealed class Recorder(TestSignal pulse) : IChatRecorder
    {
        public Caller? Caller { get; private set; }

        public ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken)
        {
            Caller = record.Caller;
            pulse.Notify();
            return default;
        }
    }

    internal sealed class CrmCallerNameResolver : ICallerNameResolver
    {
        public ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) =>
            new(new CallerName { Name = $"Customer {query.ChatId.PhoneNumber![^3..]}", Source = "crm" });
    }
}
