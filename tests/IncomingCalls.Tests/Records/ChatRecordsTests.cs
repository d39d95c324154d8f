using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Tests.Records;

public class ChatRecordsTests
{
    [Theory]
    [InlineData(CallScenario.AllStatuses, null, "Incoming call,Answered call,Dropped call,Missed call,Missed call")]
    [InlineData(CallScenario.AllStatuses, "ru", "Входящий вызов,Отвеченный звонок,Сброшенный звонок,Пропущенный звонок,Пропущенный звонок")]
    [InlineData(CallScenario.ResultOnly, "ru-RU", "Отвеченный звонок,Пропущенный звонок,Пропущенный звонок,Пропущенный звонок")]
    [InlineData(CallScenario.ResultOnly, "he", "השיחה נענתה,שיחה שלא נענתה,שיחה שלא נענתה,שיחה שלא נענתה")]
    [InlineData(CallScenario.AllStatuses, "he", "Incoming call,השיחה נענתה,שיחה שלא נענתה,שיחה שלא נענתה,שיחה שלא נענתה")]
    [InlineData(CallScenario.AllStatuses, "kk", "Incoming call,Answered call,Dropped call,Missed call,Missed call")]
    [InlineData(CallScenario.OfferOnly, "ru", "")]
    [InlineData(CallScenario.Ignore, "ru", "")]
    public async Task Record_EachScenarioAndLanguage_HasTheDocumentedText(CallScenario scenario, string? culture, string texts)
    {
        await using var host = await StartAsync(options => (options.Scenario, options.Culture) = (scenario, culture));

        string?[] statuses = ["offer", "pickUp", "hungUp", "missed", "declined"];
        foreach (var status in statuses)
        {
            await host.Intake.AcceptAsync(TestNotifications.CreateCall(status, id: status!));
        }

        host.Recorder.Lines.Select(Text).Should().Equal(texts.Length == 0 ? [] : texts.Split(','));
    }

    [Fact]
    public async Task Record_CustomTexts_OverrideBuiltInTextsByNearestCulture()
    {
        await using var host = await StartAsync(options =>
        {
            options.Culture = "ru-RU";
            options.Labels = new Dictionary<string, IDictionary<CallLabel, string>>
            {
                ["RU"] = new Dictionary<CallLabel, string> { [CallLabel.MissedCall] = "Не дозвонились" },
                [""] = new Dictionary<CallLabel, string> { [CallLabel.MissedCall] = "Lost", [CallLabel.AnsweredCall] = "Talked" },
            };
        });

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined", id: "1"));
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("pickUp", id: "2"));

        host.Recorder.Lines.Select(Text).Should().Equal("Не дозвонились", "Отвеченный звонок");
    }

    [Fact]
    public async Task Record_UnknownStatus_IsNotWritten()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddChatRecorder<RecordingChatRecorder>().AddHandler<RecordingHandler>());

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("transferred"));

        host.Recorder.Lines.Should().Equal("Unrecognized");
    }

    [Fact]
    public async Task Record_MissingFrom_IsAnonymous()
    {
        await using var host = await StartAsync(_ => { });

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined", from: null));

        host.Recorder.Lines.Should().Equal("record Missed call  ");
    }

    [Fact]
    public async Task CallerName_HostResolver_PrecedesTheFallbackResolver()
    {
        await using var host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddKeyedSingleton<ICallerNameResolver>(ICallerNameResolver.FallbackKey, new DelegatingNameResolver(_ => throw new InvalidOperationException("must not be asked")));
            builder.AddCallerNames<BlankNameResolver>().AddCallerNames<ContactNameResolver>().AddChatRecorder<RecordingChatRecorder>();
        });

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"));

        host.Recorder.Lines.Should().Equal("record Missed call 70000000101@c.us Ivan");
    }

    [Fact]
    public async Task CallerName_GroupCall_IsNotResolved()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddCallerNames<ContactNameResolver>().AddChatRecorder<RecordingChatRecorder>());

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined", from: "120363000000000001@g.us"));

        host.Recorder.Lines.Single().Should().NotContain("Ivan");
    }

    [Fact]
    public async Task CallerName_ManyCallsOfOneCaller_IsResolvedOnceUntilItExpires()
    {
        var asked = 0;
        await using var host = await TestHost.StartAsync(
            builder =>
            {
                builder.Services.AddKeyedSingleton<ICallerNameResolver>(ICallerNameResolver.FallbackKey, new DelegatingNameResolver(_ =>
                {
                    Interlocked.Increment(ref asked);
                    return Task.FromResult<CallerName?>(new() { Name = "Ivan", Source = "test" });
                }));
                builder.AddChatRecorder<RecordingChatRecorder>();
            },
            options => options.CallerNameCacheDuration = TimeSpan.FromMinutes(10));

        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => host.Intake.AcceptAsync(TestNotifications.CreateCall("declined", id: $"{i}")).AsTask()));
        asked.Should().Be(1);
        host.Clock.Advance(TimeSpan.FromMinutes(11));
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined", id: "later", secondsAgo: -11 * 60));

        asked.Should().Be(2);
        host.Recorder.Lines.Should().HaveCount(51).And.OnlyContain(line => line.EndsWith("Ivan"));
    }

    private static Task<TestHost> StartAsync(Action<IncomingCallsOptions> options) =>
        TestHost.StartAsync(builder => builder.AddChatRecorder<RecordingChatRecorder>(), options);

    private static string Text(string line) => line["record ".Length..line.IndexOf(" 7000", StringComparison.Ordinal)];

    private sealed class DelegatingNameResolver(Func<CallerNameQuery, Task<CallerName?>> answer) : ICallerNameResolver
    {
        public async ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) => await answer(query);
    }

    private sealed class BlankNameResolver : ICallerNameResolver
    {
        public ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) => new(new CallerName { Name = " ", Source = "blank" });
    }

    private sealed class ContactNameResolver : ICallerNameResolver
    {
        public ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) => new(new CallerName { Name = "Ivan", Source = "crm" });
    }
}
