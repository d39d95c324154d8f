using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;

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

    [Theory]
    [InlineData("declined", "Sales: Ivan rang")]
    [InlineData("hungUp", "Dropped at ACME")]
    [InlineData("pickUp", "Отвеченный звонок")]
    public async Task Record_TextsOfInstanceAccountAndLanguage_TakePrecedenceInThisOrder(string status, string text)
    {
        var instance = new CallInstance
        {
            IdInstance = 1101000001,
            Name = "Sales",
            Account = "ACME",
            // An empty value in the configuration is no value.
            Culture = "",
            Labels = new Dictionary<CallLabel, string> { [CallLabel.MissedCall] = "{line}: {name} rang" },
        };
        await using var host = await StartAsync(
            options =>
            {
                options.Culture = "en";
                options.Accounts = new Dictionary<string, CallAccountOptions>
                {
                    ["acme"] = new()
                    {
                        Culture = "ru",
                        Labels = new Dictionary<CallLabel, string> { [CallLabel.MissedCall] = "Missed at ACME", [CallLabel.DroppedCall] = "Dropped at ACME" },
                    },
                };
            },
            instance);

        await host.Intake.AcceptAsync(TestNotifications.CreateCall(status));

        host.Recorder.Lines.Select(Text).Should().Equal(text);
    }

    [Theory]
    [InlineData("Asia/Almaty", "Europe/Moscow", "Asia/Tokyo", 5)]
    [InlineData(null, "Europe/Moscow", "Asia/Tokyo", 3)]
    [InlineData("Nowhere/Unknown", null, "Asia/Tokyo", 9)]
    [InlineData(null, null, null, 0)]
    public async Task Record_Time_IsThatOfTheInstanceItsAccountOrTheHost(string? ofInstance, string? ofAccount, string? ofHost, int hours)
    {
        await using var host = await StartAsync(
            options =>
            {
                options.TimeZone = ofHost;
                options.Labels = new Dictionary<string, IDictionary<CallLabel, string>> { [""] = new Dictionary<CallLabel, string> { [CallLabel.MissedCall] = "at {time}" } };
                options.Accounts = new Dictionary<string, CallAccountOptions> { ["acme"] = new() { TimeZone = ofAccount } };
            },
            new CallInstance { IdInstance = 1101000001, Account = "acme", TimeZone = ofInstance });

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"));

        host.Recorder.Lines.Select(Text).Should().Equal($"at {host.Clock.GetUtcNow().AddHours(hours):HH:mm}");
    }

    [Fact]
    public async Task Record_NameWithAPlaceholder_IsTextAndNotReplaced()
    {
        await using var host = await TestHost.StartAsync(
            builder => builder.AddCallerNames<PlaceholderNameResolver>().AddChatRecorder<RecordingChatRecorder>(),
            options => options.Labels = new Dictionary<string, IDictionary<CallLabel, string>> { [""] = new Dictionary<CallLabel, string> { [CallLabel.MissedCall] = "{name} ({phone})" } });

        await host.Intake.AcceptAsync(TestNotifications.CreateCall("declined"));

        host.Recorder.Lines.Single().Should().StartWith("record {line} (+70000000101)");
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

    private static Task<TestHost> StartAsync(Action<IncomingCallsOptions> options, CallInstance? instance = null) => TestHost.StartAsync(
        builder =>
        {
            if (instance is not null)
            {
                builder.Services.AddSingleton<IInstanceSource>(new SingleInstanceSource(instance));
            }

            builder.AddCallerNames<ContactNameResolver>().AddChatRecorder<RecordingChatRecorder>();
        },
        options);

    private static string Text(string line) => line["record ".Length..line.IndexOf(" 7000", StringComparison.Ordinal)];

    private sealed class DelegatingNameResolver(Func<CallerNameQuery, Task<CallerName?>> answer) : ICallerNameResolver
    {
        public async ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) => await answer(query);
    }

    private sealed class BlankNameResolver : ICallerNameResolver
    {
        public ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) => new(new CallerName { Name = " ", Source = "blank" });
    }

    private sealed class SingleInstanceSource(CallInstance instance) : IInstanceSource
    {
        public ValueTask<IReadOnlyCollection<CallInstance>> GetAllAsync(CancellationToken cancellationToken) => new([instance]);

        public ValueTask<CallInstance?> FindAsync(long idInstance, CancellationToken cancellationToken) => new(idInstance == instance.IdInstance ? instance : null);

        public IChangeToken Watch() => new CancellationChangeToken(CancellationToken.None);
    }

    private sealed class PlaceholderNameResolver : ICallerNameResolver
    {
        public ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) => new(new CallerName { Name = "{line}", Source = "profile" });
    }

    private sealed class ContactNameResolver : ICallerNameResolver
    {
        public ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) => new(new CallerName { Name = "Ivan", Source = "crm" });
    }
}
