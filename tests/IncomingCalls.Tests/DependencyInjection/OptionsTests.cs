using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace IncomingCalls.Tests.DependencyInjection;

public class OptionsTests
{
    public static TheoryData<string, string, string> InvalidValues => new()
    {
        { "IncomingCalls:AlertWindow", "60", "IncomingCalls:AlertWindow is 60, which is read as 60 days. Write a time from 00:00:01 to 01:00:00, where 00:15:00 is fifteen minutes and 1.00:00:00 a day." },
        { "IncomingCalls:AlertWindow", "24:00:00", "IncomingCalls:AlertWindow is 24:00:00, which is read as 24 days. Write a time*" },
        { "IncomingCalls:AlertWindow", "1.00:00:00", "IncomingCalls:AlertWindow is 1.00:00:00. Write a time from 00:00:01 to 01:00:00." },
        { "IncomingCalls:AlertWindow", "15:00", "IncomingCalls:AlertWindow is 15:00, which is read as 15 hours. Write a time*" },
        { "IncomingCalls:OutcomeTimeout", "-00:00:01", "IncomingCalls:OutcomeTimeout is -00:00:01*" },
        { "IncomingCalls:HandlerTimeout", "30", "IncomingCalls:HandlerTimeout is 30, which is read as 30 days*" },
        { "IncomingCalls:Scenario", "7", "IncomingCalls:Scenario is 7, which is not defined. Write AllStatuses, Ignore, OfferOnly, ResultOnly, AlertAndResult." },
        { "IncomingCalls:InstanceScenarios:1101000001", "9", "IncomingCalls:InstanceScenarios:1101000001 is 9*" },
        { "IncomingCalls:InstanceScenarios:-5", "Ignore", "IncomingCalls:InstanceScenarios:-5 is not the number of an instance*" },
        { "IncomingCalls:Culture", "ру", "IncomingCalls:Culture is not the name of a language*" },
        { "IncomingCalls:Culture", "klingonxx", "IncomingCalls:Culture is not the name of a language*" },
        { "IncomingCalls:Labels:ru:MissedCall", " ", "IncomingCalls:Labels:ru:MissedCall is empty*" },
        { "IncomingCalls:Labels:ru:None", "x", "IncomingCalls:Labels:ru:None is not a label*" },
        { "IncomingCalls:Labels:ru:MissedCall", "{nmae}", "IncomingCalls:Labels:ru:MissedCall contains {nmae}, which is not a placeholder. Write {name}, {phone}, {line} or {time}." },
        { "IncomingCalls:TimeZone", "Moscow", "IncomingCalls:TimeZone is not a time zone that this machine knows. Write an IANA name such as Europe/Moscow*" },
        { "IncomingCalls:Accounts:acme:TimeZone", "UTC+3", "IncomingCalls:Accounts:acme:TimeZone is not a time zone*" },
        { "IncomingCalls:Accounts:acme:Culture", "ру", "IncomingCalls:Accounts:acme:Culture is not the name of a language*" },
        { "IncomingCalls:Accounts:acme:Labels:MissedCall", "{Name}", "IncomingCalls:Accounts:acme:Labels:MissedCall contains {Name}, which is not a placeholder*" },
        { "IncomingCalls:CallerNameWait", "00:02:00", "IncomingCalls:CallerNameWait is 00:02:00*" },
        { "IncomingCalls:CallerNameCacheDuration", "00:00:01", "IncomingCalls:CallerNameCacheDuration is 00:00:01*" },
        { "IncomingCalls:MissingCallerNameCacheDuration", "8", "IncomingCalls:MissingCallerNameCacheDuration is 8, which is read as 8 days*" },
        { "IncomingCalls:MaxConcurrentAttemptsPerInstance", "0", "IncomingCalls:MaxConcurrentAttemptsPerInstance is 0. Write a number from 1 to 1000." },
        { "IncomingCalls:RetryDelays:0", "2", "IncomingCalls:RetryDelays:0 is 2, which is read as 2 days*" },
        { "IncomingCalls:RetryDelays:7", "1", "IncomingCalls:RetryDelays:7 is 1, which is read as 1 day*" },
        { "IncomingCalls:AcknowledgementTimeout", "00:03:00", "IncomingCalls:AcknowledgementTimeout is 00:03:00*" },
        { "IncomingCalls:GiveUpAfterRedeliveries", "-1", "IncomingCalls:GiveUpAfterRedeliveries is -1*" },
        { "IncomingCalls:GiveUpAfter", "2", "IncomingCalls:GiveUpAfter is 2, which is read as 2 days*" },
        { "IncomingCalls:InMemory:DeduplicationWindow", "00:10:00", "IncomingCalls:InMemory:DeduplicationWindow is 00:10:00*" },
        { "IncomingCalls:InMemory:MaxCalls", "1", "IncomingCalls:InMemory:MaxCalls is 1*" },
    };

    [Theory]
    [MemberData(nameof(InvalidValues))]
    public async Task Start_InvalidValue_NamesTheKeyAndAValidValue(string key, string value, string message)
    {
        using var host = Build([new(key, value)]);

        (await FluentActions.Awaiting(() => host.StartAsync()).Should().ThrowAsync<OptionsValidationException>()).WithMessage(message);
    }

    public static TheoryData<string> Durations => [.. DurationsOf(typeof(IncomingCallsOptions), "IncomingCalls"), .. DurationsOf(typeof(InMemoryInboxOptions), "IncomingCalls:InMemory")];

    /// <summary>Each is a valid time for some of the keys, but rarely the one that was meant.</summary>
    [Theory]
    [MemberData(nameof(Durations))]
    public async Task Start_DurationWithoutAVisibleUnit_FailsEvenWithinTheRange(string key)
    {
        (string Value, string Meaning)[] ambiguous =
            [("1", "1 day"), ("24:00:00", "24 days"), ("168:00:00", "168 days"), ("15:00", "15 hours"), ("01:30", "1 hour 30 minutes"), ("00:05", "5 minutes")];
        foreach (var (value, meaning) in ambiguous)
        {
            using var host = Build([new(key, value)]);

            (await FluentActions.Awaiting(() => host.StartAsync()).Should().ThrowAsync<OptionsValidationException>())
                .WithMessage($"{key} is {value}, which is read as {meaning}. Write a time from*, where 00:15:00 is fifteen minutes and 1.00:00:00 a day.");
        }
    }

    /// <summary>What the binder cannot read either: hours and minutes that are not on a clock.</summary>
    [Theory]
    [InlineData("IncomingCalls:AlertWindow", "24:00")]
    [InlineData("IncomingCalls:AlertWindow", "90:00")]
    [InlineData("IncomingCalls:RetryDelays:1", "00:90:00")]
    [InlineData("IncomingCalls:InMemory:DeduplicationWindow", "1.24:00:00")]
    public async Task Start_DurationOutOfHourRange_NamesTheKeyTheValueAndWhatToWrite(string key, string value)
    {
        using var host = Build([new(key, value)]);

        (await FluentActions.Awaiting(() => host.StartAsync()).Should().ThrowAsync<OptionsValidationException>())
            .WithMessage($"{key} is {value}, which cannot be read. Write a time as hours:minutes:seconds, where 00:15:00 is fifteen minutes and 1.00:00:00 a day.");
    }

    [Fact]
    public async Task Start_NumberThatIsNoDuration_IsNotShown()
    {
        using var host = Build([new("IncomingCalls:AlertWindow", "10000000101")]);

        (await FluentActions.Awaiting(() => host.StartAsync()).Should().ThrowAsync<OptionsValidationException>())
            .WithMessage("IncomingCalls:AlertWindow cannot be read. Write a time*");
    }

    /// <summary>The host chooses the name of the section, and the message names the key that is there.</summary>
    [Fact]
    public async Task Start_SectionOfAnotherName_MessagesNameIt()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection([new("My.App:Calls:AlertWindow", "15:00"), new("My.App:Calls:InMemory:MaxCalls", "1")]);
        builder.Services.AddLogging().AddIncomingCalls(builder.Configuration.GetSection("My.App:Calls"));
        using var host = builder.Build();

        (await FluentActions.Awaiting(() => host.StartAsync()).Should().ThrowAsync<OptionsValidationException>()).Which.Failures.Should()
            .ContainMatch("My.App:Calls:AlertWindow is 15:00,*").And.ContainMatch("My.App:Calls:InMemory:MaxCalls is 1.*");
    }

    [Theory]
    [InlineData("IncomingCalls:OutcomeTimeout", "0")]
    [InlineData("IncomingCalls:OutcomeTimeout", "1.00:00:00")]
    [InlineData("IncomingCalls:InactivityThreshold", "7:00:00:00")]
    [InlineData("IncomingCalls:RetryDelays:5", "1.00:00:00")]
    public async Task Start_DurationThatNamesItsDays_IsAccepted(string key, string value)
    {
        using var host = Build([new(key, value)]);

        await host.StartAsync();

        await host.StopAsync();
    }

    [Fact]
    public async Task Start_DurationOverriddenByCode_IgnoresTheText()
    {
        using var host = Build([new("IncomingCalls:OutcomeTimeout", "1")], builder => builder.Services.Configure<IncomingCallsOptions>(options => options.OutcomeTimeout = TimeSpan.FromMinutes(1)));

        await host.StartAsync();

        await host.StopAsync();
    }

    [Fact]
    public async Task Start_SeveralInvalidValues_AreReportedTogether()
    {
        using var host = Build(
        [
            new("IncomingCalls:OutcomeTimeout", "1"),
            new("IncomingCalls:AlertWindow", "02:00:00"),
            new("IncomingCalls:InMemory:MaxCalls", "1"),
            new("IncomingCalls:RetryDelays", "soon"),
        ]);

        (await FluentActions.Awaiting(() => host.StartAsync()).Should().ThrowAsync<OptionsValidationException>()).Which.Failures.Should()
            .HaveCount(4)
            .And.ContainMatch("IncomingCalls:OutcomeTimeout is 1,*")
            .And.ContainMatch("IncomingCalls:AlertWindow is 02:00:00.*")
            .And.ContainMatch("IncomingCalls:InMemory:MaxCalls is 1.*")
            .And.ContainMatch("IncomingCalls:RetryDelays is a single value*");
    }

    [Theory]
    [InlineData("IncomingCalls:Scenario", "Sometimes", "Write AllStatuses, Ignore, OfferOnly, ResultOnly, AlertAndResult.")]
    [InlineData("IncomingCalls:AlertWindow", "soon", "cannot be read. Write a time as hours:minutes:seconds, where 00:15:00 is fifteen minutes")]
    [InlineData("IncomingCalls:RetryDelays:0", "soon", "cannot be read. Write a time as hours:minutes:seconds, where 00:15:00 is fifteen minutes")]
    [InlineData("IncomingCalls:MaxConcurrentAttemptsPerInstance", "many", "Write a whole number.")]
    public async Task Start_ValueOfAnotherType_NamesTheKeyAndAValidValue(string key, string value, string advice)
    {
        using var host = Build([new(key, value)]);

        (await FluentActions.Awaiting(() => host.StartAsync()).Should().ThrowAsync<OptionsValidationException>()).WithMessage($"*{key}*{advice}*");
    }

    [Fact]
    public void Bind_EveryKey_IsRead()
    {
        using var host = Build(
        [
            new("IncomingCalls:Scenario", "ResultOnly"),
            new("IncomingCalls:InstanceScenarios:1101000001", "OfferOnly"),
            new("IncomingCalls:Culture", "ru"),
            new("IncomingCalls:AlertWindow", "00:00:30"),
            new("IncomingCalls:OutcomeTimeout", "00:05:00"),
            new("IncomingCalls:Labels:ru:MissedCall", "Не дозвонились"),
            new("IncomingCalls:TimeZone", "Europe/Moscow"),
            new("IncomingCalls:Accounts:acme:Labels:MissedCall", "{name} at {time}"),
            new("IncomingCalls:Accounts:acme:Culture", "en"),
            new("IncomingCalls:MetricsPerInstance", "true"),
            new("IncomingCalls:RetryDelays:0", "00:00:01"),
            new("IncomingCalls:InMemory:MaxCalls", "1000"),
        ]);

        var options = host.Services.GetRequiredService<IOptions<IncomingCallsOptions>>().Value;

        options.Scenario.Should().Be(CallScenario.ResultOnly);
        options.InstanceScenarios.Should().Contain(1101000001, CallScenario.OfferOnly);
        options.Culture.Should().Be("ru");
        options.AlertWindow.Should().Be(TimeSpan.FromSeconds(30));
        options.OutcomeTimeout.Should().Be(TimeSpan.FromMinutes(5));
        options.Labels!["ru"][CallLabel.MissedCall].Should().Be("Не дозвонились");
        options.TimeZone.Should().Be("Europe/Moscow");
        options.Accounts!["acme"].Should().BeEquivalentTo(new CallAccountOptions { Culture = "en", Labels = new Dictionary<CallLabel, string> { [CallLabel.MissedCall] = "{name} at {time}" } });
        options.MetricsPerInstance.Should().BeTrue();
        options.RetryDelays.Should().Equal(TimeSpan.FromSeconds(1));
        options.InMemory.MaxCalls.Should().Be(1000);
    }

    [Fact]
    public void Configure_Code_OverridesConfiguration()
    {
        using var host = Build([new("IncomingCalls:Scenario", "Ignore")], builder => builder.UseScenario(CallScenario.OfferOnly));

        host.Services.GetRequiredService<IOptions<IncomingCallsOptions>>().Value.Scenario.Should().Be(CallScenario.OfferOnly);
    }

    [Fact]
    public void Configure_CodeFirstAndSectionTwice_CodeOverridesAndListsAreNotDoubled()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection([new("IncomingCalls:Scenario", "Ignore"), new("IncomingCalls:RetryDelays:0", "00:00:01")]);
        var section = builder.Configuration.GetSection("IncomingCalls");
        builder.Services.AddIncomingCalls(options => options.Scenario = CallScenario.OfferOnly);
        builder.Services.AddIncomingCalls(section);
        builder.Services.AddIncomingCalls(section);
        using var host = builder.Build();

        var options = host.Services.GetRequiredService<IOptions<IncomingCallsOptions>>().Value;

        options.Scenario.Should().Be(CallScenario.OfferOnly);
        options.RetryDelays.Should().ContainSingle();
    }

    [Fact]
    public async Task Start_PolicyAndScenario_FailsSinceOnlyOneCanDecide()
    {
        using var host = Build([new("IncomingCalls:Scenario", "Ignore")], builder => builder.UsePolicy(CallPolicies.AllStatuses));

        (await FluentActions.Awaiting(() => host.StartAsync()).Should().ThrowAsync<OptionsValidationException>()).WithMessage("UsePolicy and a scenario*");
    }

    [Fact]
    public async Task Start_DuplicateHandlerName_NamesBothHandlers()
    {
        using var host = Build([], builder => builder.AddHandler<RecordingHandler>("crm").AddChatRecorder<RecordingChatRecorder>("crm"));

        (await FluentActions.Awaiting(() => host.StartAsync()).Should().ThrowAsync<OptionsValidationException>()).WithMessage("*'crm'*RecordingHandler and RecordingChatRecorder*");
    }

    [Fact]
    public async Task Start_OneClassInTwoRoles_RequiresTwoNames()
    {
        using var host = Build([], builder => builder.AddHandler<HandlerAndRecorder>().AddChatRecorder<HandlerAndRecorder>());

        (await FluentActions.Awaiting(() => host.StartAsync()).Should().ThrowAsync<OptionsValidationException>()).WithMessage("*HandlerAndRecorder and HandlerAndRecorder*");
    }

    [Fact]
    public async Task Start_HandlerWithInvalidTimeout_NamesTheHandler()
    {
        using var host = Build([], builder => builder.AddHandler<RecordingHandler>(options => (options.Name, options.Timeout) = ("crm", TimeSpan.Zero)));

        (await FluentActions.Awaiting(() => host.StartAsync()).Should().ThrowAsync<OptionsValidationException>()).WithMessage("Handler 'crm':Timeout*");
    }

    private static IEnumerable<string> DurationsOf(Type options, string section) => options.GetProperties()
        .Where(property => property.PropertyType == typeof(TimeSpan) || property.PropertyType == typeof(TimeSpan?) || property.PropertyType == typeof(IReadOnlyList<TimeSpan>))
        .Select(property => property.PropertyType == typeof(IReadOnlyList<TimeSpan>) ? $"{section}:{property.Name}:0" : $"{section}:{property.Name}");

    private static IHost Build(IEnumerable<KeyValuePair<string, string?>> values, Action<IIncomingCallsBuilder>? configure = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection(values);
        builder.Services.AddLogging();
        builder.Services.AddSingleton<TestRecorder>();
        var calls = builder.Services.AddIncomingCalls(builder.Configuration.GetSection("IncomingCalls"));
        configure?.Invoke(calls);
        return builder.Build();
    }

    private sealed class HandlerAndRecorder : ICallEventHandler, IChatRecorder
    {
        public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken) => default;

        public ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken) => default;
    }
}
