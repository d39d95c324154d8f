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
    public async Task EachScenarioAndLanguage_WritesTheDocumentedWords(CallScenario scenario, string? culture, string texts)
    {
        await using var host = await StartAsync(options => (options.Scenario, options.Culture) = (scenario, culture));

        string?[] statuses = ["offer", "pickUp", "hungUp", "missed", "declined"];
        foreach (var status in statuses)
        {
            await host.Intake.AcceptAsync(Wire.Call(status, id: status!));
        }

        host.Journal.Lines.Select(Text).Should().Equal(texts.Length == 0 ? [] : texts.Split(','));
    }

    [Fact]
    public async Task OwnTexts_ReplaceTheBuiltInOnesNearestLanguageFirst()
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

        await host.Intake.AcceptAsync(Wire.Call("declined", id: "1"));
        await host.Intake.AcceptAsync(Wire.Call("pickUp", id: "2"));

        host.Journal.Lines.Select(Text).Should().Equal("Не дозвонились", "Отвеченный звонок");
    }

    [Fact]
    public async Task UnknownStatus_IsAnEventWithoutRecord()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddChatRecorder<JournalRecorder>().AddHandler<JournalHandler>());

        await host.Intake.AcceptAsync(Wire.Call("transferred"));

        host.Journal.Lines.Should().Equal("Unrecognized");
    }

    [Fact]
    public async Task MissingFrom_IsAnAnonymousRecord()
    {
        await using var host = await StartAsync(_ => { });

        await host.Intake.AcceptAsync(Wire.Call("declined", from: null));

        host.Journal.Lines.Should().Equal("record Missed call  ");
    }

    [Fact]
    public async Task NameThatDoesNotCome_IsWaitedForTwoSecondsInlineAndNoLonger()
    {
        var never = new TaskCompletionSource<CallerName?>();
        await using var host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddKeyedSingleton<ICallerNameResolver>(ICallerNameResolver.LastResort, new Names(_ => never.Task));
            builder.AddChatRecorder<JournalRecorder>();
        });

        var accepting = host.Intake.AcceptAsync(Wire.Call("declined")).AsTask();
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        accepting.IsCompleted.Should().BeFalse();
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await accepting;

        host.Journal.Lines.Should().Equal("record Missed call 70000000101@c.us +70000000101");
    }

    [Fact]
    public async Task NamesThatDoNotCome_ManyCallersInOneQueue_EveryAlertIsRaisedInTime()
    {
        var never = new TaskCompletionSource<CallerName?>();
        await using var host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddKeyedSingleton<ICallerNameResolver>(ICallerNameResolver.LastResort, new Names(_ => never.Task));
            builder.AddChatRecorder<JournalRecorder>().AddOperatorNotifier<JournalNotifier>();
        });

        // First in, first out: the next offer comes when the one before is acknowledged.
        for (var caller = 1; caller <= 9; caller++)
        {
            var accepting = host.Intake.AcceptAsync(Wire.Call("offer", id: $"{caller}", from: $"7000000010{caller}@c.us")).AsTask();
            host.Journal.Lines.Should().Contain(line => line.StartsWith($"raise 1101000001/{caller}/", StringComparison.Ordinal));
            if (!accepting.IsCompleted)
            {
                host.Clock.Advance(TimeSpan.FromSeconds(2));
            }

            await accepting;
        }

        (host.Clock.GetUtcNow() - TestHost.Now).Should().BeLessThanOrEqualTo(TimeSpan.FromSeconds(4));
        host.Journal.Lines.Where(line => line.StartsWith("record", StringComparison.Ordinal)).Should().HaveCount(9);
    }

    [Fact]
    public async Task HostsOwnContacts_ComeBeforeTheLastResort()
    {
        await using var host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddKeyedSingleton<ICallerNameResolver>(ICallerNameResolver.LastResort, new Names(_ => throw new InvalidOperationException("must not be asked")));
            builder.AddCallerNames<Silent>().AddCallerNames<Contacts>().AddChatRecorder<JournalRecorder>();
        });

        await host.Intake.AcceptAsync(Wire.Call("declined"));

        host.Journal.Lines.Should().Equal("record Missed call 70000000101@c.us Ivan");
    }

    [Fact]
    public async Task GroupCall_AsksForNoName()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddCallerNames<Contacts>().AddChatRecorder<JournalRecorder>());

        await host.Intake.AcceptAsync(Wire.Call("declined", from: "120363000000000001@g.us"));

        host.Journal.Lines.Single().Should().NotContain("Ivan");
    }

    [Fact]
    public async Task OneCallerManyCalls_IsAskedOnceUntilTheNameIsOld()
    {
        var asked = 0;
        await using var host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddKeyedSingleton<ICallerNameResolver>(ICallerNameResolver.LastResort, new Names(_ =>
            {
                asked++;
                return Task.FromResult<CallerName?>(new() { Name = "Ivan", Source = "test" });
            }));
            builder.AddChatRecorder<JournalRecorder>();
        });

        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => host.Intake.AcceptAsync(Wire.Call("declined", id: $"{i}")).AsTask()));
        asked.Should().Be(1);
        host.Clock.Advance(TimeSpan.FromHours(7));
        await host.Intake.AcceptAsync(Wire.Call("declined", id: "later", secondsAgo: -7 * 3600));

        asked.Should().Be(2);
        host.Journal.Lines.Should().HaveCount(51).And.OnlyContain(line => line.EndsWith("Ivan"));
    }

    private static Task<TestHost> StartAsync(Action<IncomingCallsOptions> options) =>
        TestHost.StartAsync(builder => builder.AddChatRecorder<JournalRecorder>(), options);

    private static string Text(string line) => line["record ".Length..line.IndexOf(" 7000", StringComparison.Ordinal)];

    private sealed class Names(Func<CallerNameQuery, Task<CallerName?>> answer) : ICallerNameResolver
    {
        public async ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) => await answer(query);
    }

    private sealed class Silent : ICallerNameResolver
    {
        public ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) => new(new CallerName { Name = " ", Source = "blank" });
    }

    private sealed class Contacts : ICallerNameResolver
    {
        public ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) => new(new CallerName { Name = "Ivan", Source = "crm" });
    }
}
