using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using IncomingCalls.GreenApi.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace IncomingCalls.GreenApi.Tests.Callers;

public sealed class ContactInfoNamesTests : IAsyncLifetime
{
    private readonly ManualLimiter _limiter = new();
    private Gateway _gateway = null!;
    private GatewayAccount _account = null!;
    private TestHost? _host;

    public async Task InitializeAsync()
    {
        _gateway = await Gateway.StartAsync();
        _account = _gateway.Add();
    }

    public async Task DisposeAsync()
    {
        await (_host?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _gateway.DisposeAsync();
    }

    [Theory]
    [InlineData("", "+70000000116", true)]
    [InlineData("Anna", "Anna", false)]
    public async Task ResolveAsync_NumberOfAnAccount_OnlyStandsInForAName(string name, string shown, bool isStandIn)
    {
        var names = await StartAsync();
        _account.Answer = (_, context) => Gateway.SendAsync(context, 200, $$"""{"name":"{{name}}","phoneNumber":70000000116}""");
        _limiter.Permit();

        var found = await names.ResolveAsync(Query("10000001"), default);

        (found!.Name, found.IsStandIn).Should().Be((shown, isStandIn));
    }

    [Theory]
    [InlineData("""{"name":"vanya","contactName":"Ivan (office)"}""", "Ivan (office)", "contactName")]
    [InlineData("""{"name":"vanya","contactName":"  "}""", "vanya", "name")]
    [InlineData("""{"name":"","contactName":"","phoneNumber":70000000116}""", null, null)]
    [InlineData("""{"avatar":""}""", null, null)]
    public async Task ResolveAsync_Answer_PhoneBookThenProfileThenNone(string body, string? name, string? source)
    {
        var names = await StartAsync();
        _account.Answer = (_, context) => Gateway.SendAsync(context, 200, body);
        _limiter.Permit();

        var found = await names.ResolveAsync(Query("70000000101@c.us"), default);

        (found?.Name, found?.Source).Should().Be((name, source));
    }

    [Theory]
    [InlineData("120363000000000001@g.us")]
    [InlineData("-10000000000001")]
    public async Task ResolveAsync_Group_IsNeverAsked(string chatId)
    {
        var names = await StartAsync();

        (await names.ResolveAsync(Query(chatId), default)).Should().BeNull();

        _account.Requests.Should().NotContain("getContactInfo");
    }

    [Fact]
    public async Task ResolveAsync_InstanceWithoutToken_NoName()
    {
        var names = await StartAsync(new CallInstance { IdInstance = Wire.IdInstance, ApiUrl = _gateway.ApiUrl, Receive = ReceiveMode.Webhook });

        (await names.ResolveAsync(Query("70000000101@c.us"), default)).Should().BeNull();
    }

    [Fact]
    public async Task ResolveAsync_SwitchedOff_NoName()
    {
        var names = await StartAsync(configure: options => options.CallerNames = false);

        (await names.ResolveAsync(Query("70000000101@c.us"), default)).Should().BeNull();
    }

    [Fact]
    public async Task ResolveAsync_ManyWait_RingingGoFirst()
    {
        var names = await StartAsync();
        var asked = new List<string>();
        _account.Answer = async (_, context) =>
        {
            using var reader = new StreamReader(context.Request.Body);
            asked.Add((await reader.ReadToEndAsync())[^8..^7]);
            return await Gateway.SendAsync(context, 200, "{}");
        };
        Task<CallerName?>[] asking =
        [
            names.ResolveAsync(Query("70000000001@c.us"), default).AsTask(),
            names.ResolveAsync(Query("70000000002@c.us"), default).AsTask(),
            names.ResolveAsync(Query("70000000003@c.us", isRinging: true), default).AsTask(),
            names.ResolveAsync(Query("70000000004@c.us", isRinging: true), default).AsTask(),
        ];

        List<Task> done = [];
        foreach (var count in Enumerable.Range(1, asking.Length))
        {
            _limiter.Permit();
            await _gateway.Pulse.UntilAsync(() => _account.Count("getContactInfo") == count);
            await Task.WhenAny(asking.Where(task => !done.Contains(task)));
            done.AddRange(asking.Where(task => task.IsCompleted && !done.Contains(task)));
        }

        asked.Should().Equal("3", "4", "1", "2");
    }

    [Theory]
    [InlineData(466, 3600)]
    [InlineData(469, 3600)]
    [InlineData(429, 10)]
    [InlineData(401, 600)]
    public async Task ResolveAsync_RefusedForAll_PausesWithOneLogLine(int status, int seconds)
    {
        var names = await StartAsync();
        _account.Answer = (_, context) => Gateway.SendAsync(context, status, "");
        var first = names.ResolveAsync(Query("70000000101@c.us"), default).AsTask();
        var second = names.ResolveAsync(Query("70000000102@c.us"), default).AsTask();
        _limiter.Permit();

        await CannotTellAsync(first);
        _limiter.Permit();
        await CannotTellAsync(second);
        await CannotTellAsync(names.ResolveAsync(Query("70000000103@c.us"), default).AsTask());
        _account.Count("getContactInfo").Should().Be(1);
        _host!.LogsOf(3030).Should().ContainSingle();

        _account.Answer = null;
        _host.Time.Advance(TimeSpan.FromSeconds(seconds));
        _limiter.Permit();
        (await names.ResolveAsync(Query("70000000101@c.us"), default))!.Name.Should().Be("Ivan (office)");
    }

    [Theory]
    [InlineData(466)]
    [InlineData(469)]
    public async Task ResolveAsync_SeveralUnderWayAreRefused_OneLogLine(int status)
    {
        var names = await StartAsync();
        _account.Answer = async (_, context) =>
        {
            await _gateway.Pulse.UntilAsync(() => _account.Count("getContactInfo") == 3);
            return await Gateway.SendAsync(context, status, "");
        };
        _limiter.Permit(3);

        await Task.WhenAll(Enumerable.Range(1, 3).Select(number => CannotTellAsync(names.ResolveAsync(Query($"7000000010{number}@c.us"), default).AsTask())));

        _host!.LogsOf(3030).Should().ContainSingle();
    }

    [Fact]
    public async Task ResolveAsync_PauseOfTheOptions_IsKept()
    {
        var names = await StartAsync(configure: options => options.CallerNamesPause = TimeSpan.FromMinutes(5));
        _account.Answer = (_, context) => Gateway.SendAsync(context, 466, "");
        _limiter.Permit(2);
        await CannotTellAsync(names.ResolveAsync(Query("70000000101@c.us"), default).AsTask());
        _account.Answer = null;

        _host!.Time.Advance(TimeSpan.FromMinutes(4));
        await CannotTellAsync(names.ResolveAsync(Query("70000000101@c.us"), default).AsTask());
        _host.Time.Advance(TimeSpan.FromMinutes(1));
        (await names.ResolveAsync(Query("70000000101@c.us"), default))!.Name.Should().Be("Ivan (office)");
    }

    [Fact]
    public async Task ResolveAsync_PausedAndTokenChanged_AsksAgain()
    {
        var names = await StartAsync(_gateway.Instance(_account, "wrong"));
        _limiter.Permit(2);
        await CannotTellAsync(names.ResolveAsync(Query("70000000101@c.us"), default).AsTask());

        _host!.Instances.Set(Webhook(_gateway.Instance(_account)));
        await _gateway.Pulse.UntilAsync(() => _host.LogsOf(1041).Count() == 2);

        (await names.ResolveAsync(Query("70000000101@c.us"), default))!.Name.Should().Be("Ivan (office)");
    }

    [Fact]
    public async Task ResolveAsync_PausedAndAddressChanged_AsksAgain()
    {
        await using var wrong = await Gateway.StartAsync();
        var account = wrong.Add();
        account.Answer = (_, context) => Gateway.SendAsync(context, 404, "");
        var names = await StartAsync(wrong.Instance(account));
        _limiter.Permit(2);
        await CannotTellAsync(names.ResolveAsync(Query("70000000101@c.us"), default).AsTask());

        _host!.Instances.Set(Webhook(_gateway.Instance(_account)));
        await _gateway.Pulse.UntilAsync(() => _host.LogsOf(1041).Count() == 2);

        (await names.ResolveAsync(Query("70000000101@c.us"), default))!.Name.Should().Be("Ivan (office)");
    }

    [Fact]
    public async Task ResolveAsync_ApiFails_ThrowsSoThatNobodyRemembersNoName()
    {
        var names = await StartAsync();
        _account.Answer = (_, context) => Gateway.SendAsync(context, 500, "");
        _limiter.Permit();

        var thrown = await names.Awaiting(resolver => resolver.ResolveAsync(Query("70000000101@c.us"), default)).Should().ThrowAsync<HttpRequestException>();

        thrown.Which.Message.Should().Be($"getContactInfo of instance {Wire.IdInstance} was answered ServerError (HTTP 500).");
    }

    [Fact]
    public async Task ResolveAsync_RealLimiter_OnePerSecond()
    {
        var names = await StartAsync(configure: null, isPaced: true);
        var times = new List<long>();
        _account.Answer = (_, context) =>
        {
            times.Add(TimeProvider.System.GetTimestamp());
            return Gateway.SendAsync(context, 200, "{}");
        };

        await Task.WhenAll(Enumerable.Range(1, 3).Select(number =>
            names.ResolveAsync(Query(string.Create(CultureInfo.InvariantCulture, $"7000000010{number}@c.us")), default).AsTask()));

        TimeProvider.System.GetElapsedTime(times[0], times[1]).Should().BeGreaterThan(TimeSpan.FromSeconds(0.95));
        TimeProvider.System.GetElapsedTime(times[1], times[2]).Should().BeGreaterThan(TimeSpan.FromSeconds(0.95));
    }

    [Fact]
    public async Task Core_TwoCallsOfOneCallerAtOnce_OneRequestAndTheNameIsOnBothRecords()
    {
        await StartAsync();
        var intake = _host!.Services.GetRequiredService<ICallIntake>();
        var recorder = _host.Services.GetRequiredService<Recorder>();

        var first = intake.AcceptAsync(Encoding.UTF8.GetBytes(Wire.Call("A1"))).AsTask();
        var second = intake.AcceptAsync(Encoding.UTF8.GetBytes(Wire.Call("A2"))).AsTask();
        await _gateway.Pulse.UntilAsync(() => _host.Journal.Events.Count == 2);
        _limiter.Permit();
        await Task.WhenAll(first, second);

        recorder.Names.Should().Equal("Ivan (office)", "Ivan (office)");
        _account.Count("getContactInfo").Should().Be(1);
    }

    private static async Task CannotTellAsync(Task<CallerName?> asked) =>
        await asked.Awaiting(static task => task).Should().ThrowAsync<CallerNameUnavailableException>("\"no name\" would be remembered");

    private static CallerNameQuery Query(string chatId, bool isRinging = false) =>
        new() { IdInstance = Wire.IdInstance, ChatId = ChatId.Parse(chatId), IsRinging = isRinging };

    private static CallInstance Webhook(CallInstance instance) =>
        new() { IdInstance = instance.IdInstance, ApiUrl = instance.ApiUrl, ApiTokenInstance = instance.ApiTokenInstance, Receive = ReceiveMode.Webhook };

    private async Task<ICallerNameResolver> StartAsync(
        CallInstance? instance = null, Action<GreenApiOptions>? configure = null, bool isPaced = false)
    {
        instance ??= _gateway.Instance(_account);
        _host = await TestHost.StartAsync(
            _gateway.Pulse,
            [Webhook(instance)],
            calls =>
            {
                calls.AddGreenApi(configure ?? (_ => { })).Services.AddSingleton<Recorder>();
                calls.AddChatRecorder<Recorder>();
                if (!isPaced)
                {
                    calls.Services.Replace(ServiceDescriptor.Singleton(new ContactLines(_limiter)));
                }
            },
            standStill: !isPaced);
        return _host.Services.GetRequiredKeyedService<ICallerNameResolver>(ICallerNameResolver.LastResort);
    }

    internal sealed class Recorder : IChatRecorder
    {
        public ConcurrentQueue<string?> Names { get; } = new();

        public ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken)
        {
            Names.Enqueue(record.Caller.Name);
            return default;
        }
    }
}
