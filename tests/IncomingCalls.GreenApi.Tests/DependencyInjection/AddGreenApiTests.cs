using System.Text;
using IncomingCalls.GreenApi.Polling;
using IncomingCalls.GreenApi.Tests.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IncomingCalls.GreenApi.Tests.DependencyInjection;

public sealed class AddGreenApiTests
{
    [Fact]
    public async Task AddGreenApi_Twice_RegistersAndBindsOnce()
    {
        var configuration = ConfiguredHost.CreateConfiguration(("GreenApi:Instances:0:IdInstance", "1101"), ("GreenApi:Instances:0:ApiTokenInstance", "s3cret"));
        var section = configuration.GetSection("GreenApi");
        var services = new ServiceCollection();
        services.AddLogging();
        var calls = services.AddIncomingCalls().AddGreenApi(section);
        var count = services.Count;

        calls.AddGreenApi(section);

        services.Count.Should().Be(count);
        await using var provider = services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
        provider.GetRequiredService<IOptions<GreenApiOptions>>().Value.Instances.Should().ContainSingle();
        provider.GetServices<IHostedService>().OfType<PollingService>().Should().ContainSingle();
    }

    [Fact]
    public void AddGreenApi_Section_EveryKeyIsBound()
    {
        var configuration = ConfiguredHost.CreateConfiguration(
            ("GreenApi:ReceiveTimeout", "00:00:30"),
            ("GreenApi:InitialRetryDelay", "00:00:02"),
            ("GreenApi:MaxRetryDelay", "00:02:00"),
            ("GreenApi:CallerNames", "false"),
            ("GreenApi:CallerNamesPerSecond", "10"),
            ("GreenApi:CallerNameRequestTimeout", "00:00:03"),
            ("GreenApi:CallerNameQuotaPause", "02:00:00"),
            ("GreenApi:Instances:0:IdInstance", "110100000001"),
            ("GreenApi:Instances:0:ApiTokenInstance", "s3cret"),
            ("GreenApi:Instances:0:ApiUrl", "https://3100.api.green-api.com/v3"),
            ("GreenApi:Instances:0:Receive", "Webhook"),
            ("GreenApi:Instances:0:Scenario", "OfferOnly"),
            ("GreenApi:Instances:0:Name", "Sales"),
            ("GreenApi:Instances:0:Account", "acme"),
            ("GreenApi:Instances:0:Culture", "ru"),
            ("GreenApi:Instances:0:TimeZone", "Europe/Moscow"),
            ("GreenApi:Instances:0:Labels:MissedCall", "{line}: {name}"),
            ("GreenApi:Instances:0:CallerNamesPerSecond", "5"));
        var services = new ServiceCollection();
        services.AddIncomingCalls().AddGreenApi(options => options.CallerNames = true).AddGreenApi(configuration.GetSection("GreenApi"));
        using var provider = services.BuildServiceProvider();

        provider.GetRequiredService<IOptions<GreenApiOptions>>().Value.Should().BeEquivalentTo(new GreenApiOptions
        {
            ReceiveTimeout = TimeSpan.FromSeconds(30),
            InitialRetryDelay = TimeSpan.FromSeconds(2),
            MaxRetryDelay = TimeSpan.FromMinutes(2),
            CallerNames = true,
            CallerNamesPerSecond = 10,
            CallerNameRequestTimeout = TimeSpan.FromSeconds(3),
            CallerNameQuotaPause = TimeSpan.FromHours(2),
            Instances =
            [
                new()
                {
                    IdInstance = 110100000001,
                    ApiTokenInstance = "s3cret",
                    ApiUrl = "https://3100.api.green-api.com/v3",
                    Receive = ReceiveMode.Webhook,
                    Scenario = CallScenario.OfferOnly,
                    Name = "Sales",
                    Account = "acme",
                    Culture = "ru",
                    TimeZone = "Europe/Moscow",
                    Labels = new Dictionary<CallLabel, string> { [CallLabel.MissedCall] = "{line}: {name}" },
                    CallerNamesPerSecond = 5,
                },
            ],
        });
    }

    [Theory]
    [InlineData("GreenApi:ReceiveTimeout", "60", "GreenApi:ReceiveTimeout is 60, which is read as 60 days. Write a time from 00:00:05 to 00:01:00, where 00:15:00 is fifteen minutes and 1.00:00:00 a day.")]
    [InlineData("GreenApi:ReceiveTimeout", "00:00:04", "GreenApi:ReceiveTimeout is 00:00:04. Write a time from 00:00:05 to 00:01:00.")]
    [InlineData("GreenApi:ReceiveTimeout", "00:00:05.5", "GreenApi:ReceiveTimeout is not a number of whole seconds. Write 00:00:20, for example.")]
    [InlineData("GreenApi:InitialRetryDelay", "00:00:00", "GreenApi:InitialRetryDelay is 00:00:00. Write a time from 00:00:00.1000000 to 00:01:00.")]
    [InlineData("GreenApi:InitialRetryDelay", "00:01:00", null)]
    [InlineData("GreenApi:MaxRetryDelay", "01:00:00", "GreenApi:MaxRetryDelay is 01:00:00. Write a time from 00:00:01 to 00:10:00.")]
    [InlineData("GreenApi:CallerNameQuotaPause", "00:00:30", "GreenApi:CallerNameQuotaPause is 00:00:30. Write a time from 00:01:00 to 1.00:00:00.")]
    [InlineData("GreenApi:CallerNameRequestTimeout", "00:02:00", "GreenApi:CallerNameRequestTimeout is 00:02:00. Write a time from 00:00:01 to 00:01:00.")]
    [InlineData("GreenApi:InitialRetryDelay", "1", "GreenApi:InitialRetryDelay is 1, which is read as 1 day. Write a time from 00:00:00.1000000 to 00:01:00, where 00:15:00 is fifteen minutes and 1.00:00:00 a day.")]
    [InlineData("GreenApi:MaxRetryDelay", "24:00:00", "GreenApi:MaxRetryDelay is 24:00:00, which is read as 24 days. Write a time from 00:00:01 to 00:10:00, where 00:15:00 is fifteen minutes and 1.00:00:00 a day.")]
    [InlineData("GreenApi:CallerNameRequestTimeout", "5", "GreenApi:CallerNameRequestTimeout is 5, which is read as 5 days. Write a time from 00:00:01 to 00:01:00, where 00:15:00 is fifteen minutes and 1.00:00:00 a day.")]
    [InlineData("GreenApi:CallerNameQuotaPause", "1", "GreenApi:CallerNameQuotaPause is 1, which is read as 1 day. Write a time from 00:01:00 to 1.00:00:00, where 00:15:00 is fifteen minutes and 1.00:00:00 a day.")]
    [InlineData("GreenApi:ReceiveTimeout", "00:20", "GreenApi:ReceiveTimeout is 00:20, which is read as 20 minutes. Write a time from 00:00:05 to 00:01:00, where 00:15:00 is fifteen minutes and 1.00:00:00 a day.")]
    [InlineData("GreenApi:InitialRetryDelay", "00:01", "GreenApi:InitialRetryDelay is 00:01, which is read as 1 minute. Write a time from 00:00:00.1000000 to 00:01:00, where 00:15:00 is fifteen minutes and 1.00:00:00 a day.")]
    [InlineData("GreenApi:MaxRetryDelay", "00:10", "GreenApi:MaxRetryDelay is 00:10, which is read as 10 minutes. Write a time from 00:00:01 to 00:10:00, where 00:15:00 is fifteen minutes and 1.00:00:00 a day.")]
    [InlineData("GreenApi:CallerNameRequestTimeout", "00:01", "GreenApi:CallerNameRequestTimeout is 00:01, which is read as 1 minute. Write a time from 00:00:01 to 00:01:00, where 00:15:00 is fifteen minutes and 1.00:00:00 a day.")]
    [InlineData("GreenApi:CallerNameQuotaPause", "15:00", "GreenApi:CallerNameQuotaPause is 15:00, which is read as 15 hours. Write a time from 00:01:00 to 1.00:00:00, where 00:15:00 is fifteen minutes and 1.00:00:00 a day.")]
    [InlineData("GreenApi:FirstRetryDelay", "00:00:01", "GreenApi:FirstRetryDelay is a key of version 1 and has no effect. Write GreenApi:InitialRetryDelay instead.")]
    [InlineData("GreenApi:LongestRetryDelay", "00:01:00", "GreenApi:LongestRetryDelay is a key of version 1 and has no effect. Write GreenApi:MaxRetryDelay instead.")]
    [InlineData("GreenApi:CallerNameTimeout", "00:00:01", "GreenApi:CallerNameTimeout is a key of version 1 and has no effect. Write GreenApi:CallerNameRequestTimeout instead.")]
    [InlineData("GreenApi:CallerNamesPause", "01:00:00", "GreenApi:CallerNamesPause is a key of version 1 and has no effect. Write GreenApi:CallerNameQuotaPause instead.")]
    [InlineData("GreenApi", "1101000001", "GreenApi is a single value instead of a section. Write GreenApi:Instances:0:IdInstance, for example.")]
    [InlineData("GreenApi:Instances", "1101000001", "GreenApi:Instances is a single value instead of a list. Write its items as GreenApi:Instances:0 and so on, or as an array in JSON.")]
    [InlineData("GreenApi:CallerNamesPerSecond", "11", "GreenApi:CallerNamesPerSecond is 11. Write a number from 1 to 10.")]
    public async Task Start_OutOfRangeValue_ErrorNamesKeyAndValidValue(string key, string value, string? message)
    {
        using var host = ConfiguredHost.Build(ConfiguredHost.CreateConfiguration((key, value)), out _);

        var starting = host.Awaiting(h => h.StartAsync());

        if (message is null)
        {
            await starting.Should().NotThrowAsync();
        }
        else
        {
            (await starting.Should().ThrowAsync<OptionsValidationException>()).Which.Message.Should().Be(message);
        }
    }

    [Fact]
    public async Task Start_InitialRetryDelayAboveMax_Fails()
    {
        using var host = ConfiguredHost.Build(ConfiguredHost.CreateConfiguration(("GreenApi:InitialRetryDelay", "00:00:10"), ("GreenApi:MaxRetryDelay", "00:00:05")), out _);

        (await host.Awaiting(h => h.StartAsync()).Should().ThrowAsync<OptionsValidationException>())
            .Which.Message.Should().Be("GreenApi:MaxRetryDelay is shorter than InitialRetryDelay. Write a longer one.");
    }

    [Theory]
    [InlineData("GreenApi:ReceiveTimeout", "soon", "GreenApi:ReceiveTimeout cannot be read. Write a time as hours:minutes:seconds, where 00:15:00 is fifteen minutes and 1.00:00:00 a day.")]
    [InlineData("GreenApi:CallerNames", "s3cret", "GreenApi:CallerNames cannot be read. Write true or false.")]
    [InlineData("GreenApi:CallerNamesPerSecond", "many", "GreenApi:CallerNamesPerSecond cannot be read. Write a whole number.")]
    public async Task Start_UnreadableValue_ErrorNamesKeyWithoutValue(string key, string value, string message)
    {
        using var host = ConfiguredHost.Build(ConfiguredHost.CreateConfiguration((key, value)), out _);

        (await host.Awaiting(h => h.StartAsync()).Should().ThrowAsync<OptionsValidationException>()).Which.Message.Should().Be(message);
    }

    [Fact]
    public async Task Start_EntryWithTexts_MakesAnInstanceWithThem()
    {
        using var host = ConfiguredHost.Build(
            ConfiguredHost.CreateConfiguration(
                ("GreenApi:Instances:0:IdInstance", "1102"),
                ("GreenApi:Instances:0:Receive", "Webhook"),
                ("GreenApi:Instances:0:Name", "Sales"),
                ("GreenApi:Instances:0:Account", "acme"),
                ("GreenApi:Instances:0:Culture", "ru"),
                ("GreenApi:Instances:0:TimeZone", "Europe/Moscow"),
                ("GreenApi:Instances:0:Labels:MissedCall", "{line}: {name}")),
            out _);

        await host.StartAsync();

        host.Services.GetRequiredService<ICallInstances>().Current.Should().ContainSingle().Which.Should().BeEquivalentTo(
            new { Name = "Sales", Account = "acme", Culture = "ru", TimeZone = "Europe/Moscow", Labels = new Dictionary<CallLabel, string> { [CallLabel.MissedCall] = "{line}: {name}" } });
    }

    [Theory]
    [InlineData("IdInstance", "s3cret", "GreenApi:Instances:0:IdInstance cannot be read. Write a whole number.")]
    [InlineData("Receive", "Polly", "GreenApi:Instances:0:Receive cannot be read. Write Polling, Webhook or Journal.")]
    [InlineData("Receive", "7", "Receive is 7, which is not a valid value. Write Polling, Webhook or Journal.")]
    [InlineData("Scenario", "Some", "GreenApi:Instances:0:Scenario cannot be read. Write AllStatuses, Ignore, OfferOnly, ResultOnly, AlertAndResult.")]
    [InlineData("Scenario", "9", "Scenario is 9, which is not a valid value. Write AllStatuses, Ignore, OfferOnly, ResultOnly, AlertAndResult.")]
    [InlineData("CallerNamesPerSecond", "0", "CallerNamesPerSecond is 0. Write a number from 1 to 10.")]
    public async Task Start_UnreadableInstanceEntry_IsSkippedAndLogged(string key, string value, string complaint)
    {
        using var host = ConfiguredHost.Build(
            ConfiguredHost.CreateConfiguration(
                ($"GreenApi:Instances:0:{key}", value),
                ("GreenApi:Instances:0:ApiTokenInstance", "s3cret"),
                ("GreenApi:Instances:1:IdInstance", "1102"),
                ("GreenApi:Instances:1:ApiTokenInstance", "s3cret"),
                ("GreenApi:Instances:1:Receive", "Webhook"),
                ("GreenApi:ReceiveTimeout", "00:00:07")),
            out var logs);

        await host.StartAsync();

        host.Services.GetRequiredService<ICallInstances>().Current.Select(instance => instance.IdInstance).Should().Equal(1102);
        logs().Where(log => log.Id.Id == 3021).Should().ContainSingle().Which.Message.Should().StartWith("GreenApi:Instances:0").And.Contain(complaint);
        logs().Should().OnlyContain(log => !log.Message.Contains("s3cret"));
        host.Services.GetRequiredService<IOptions<GreenApiOptions>>().Value.ReceiveTimeout.Should().Be(TimeSpan.FromSeconds(7));
        await host.StopAsync();
    }

    /// <summary>The calls of the instance must not be lost because of the text of a record.</summary>
    [Theory]
    [InlineData("TimeZone", "Moscow", "GreenApi:Instances:0:TimeZone is not a time zone that this machine knows. Write an IANA name such as Europe/Moscow")]
    [InlineData("Culture", "ру", "GreenApi:Instances:0:Culture is not the name of a language. Write ru, en or he-IL, for example.")]
    [InlineData("Labels:MissedCall", "{who}", "GreenApi:Instances:0:Labels:MissedCall contains {who}, which is not a placeholder.")]
    public async Task Start_InvalidTextOfAnEntry_IsIgnoredAndLogged(string key, string value, string complaint)
    {
        using var host = ConfiguredHost.Build(
            ConfiguredHost.CreateConfiguration(
                ("GreenApi:Instances:0:IdInstance", "1102"),
                ("GreenApi:Instances:0:Receive", "Webhook"),
                ("GreenApi:Instances:0:Name", "Sales"),
                ($"GreenApi:Instances:0:{key}", value)),
            out var logs);

        await host.StartAsync();

        host.Services.GetRequiredService<ICallInstances>().Current.Should().ContainSingle().Which.Should().BeEquivalentTo(
            new { IdInstance = 1102L, Name = "Sales", Culture = (string?)null, TimeZone = (string?)null, Labels = (object?)null });
        logs().Where(log => log.Id.Id == 3025).Should().ContainSingle().Which.Message.Should().StartWith(complaint);
    }

    [Fact]
    public async Task Start_InstanceEntryThatIsASingleValue_IsSkippedAndLogged()
    {
        using var host = ConfiguredHost.Build(
            ConfiguredHost.CreateConfiguration(("GreenApi:Instances:0", "1101"), ("GreenApi:Instances:1:IdInstance", "1102"), ("GreenApi:Instances:1:Receive", "Webhook")),
            out var logs);

        await host.StartAsync();

        host.Services.GetRequiredService<ICallInstances>().Current.Select(instance => instance.IdInstance).Should().Equal(1102);
        logs().Where(log => log.Id.Id == 3021).Should().ContainSingle().Which.Message.Should().Be(
            "GreenApi:Instances:0 is an invalid entry and is skipped. It is a single value instead of a section. Write GreenApi:Instances:0:IdInstance, for example.");
        logs().Should().NotContain(log => log.Id.Id == 901);
        await host.StopAsync();
    }

    [Theory]
    [InlineData("GreenApi:CallerName", "false", "GreenApi:CallerNames")]
    [InlineData("GreenApi:Instance:0:IdInstance", "1102", "GreenApi:Instances")]
    [InlineData("GreenApi:Instances:0:ApiToken", "s3cret", "GreenApi:Instances:0:ApiTokenInstance")]
    [InlineData("GreenApi:IdInstance", "1102", "GreenApi:Instances:0:IdInstance")]
    [InlineData("GreenApi:Instances:0:ReceiveTimeout", "00:00:20", "GreenApi:ReceiveTimeout")]
    public async Task Start_UnknownKey_IsLoggedWithTheNearestKnownKeyAndWithoutItsValue(string key, string value, string nearest)
    {
        using var host = ConfiguredHost.Build(ConfiguredHost.CreateConfiguration((key, value), ("GreenApi:Instances:0:IdInstance", "1101"), ("GreenApi:Instances:0:Receive", "Webhook")), out var logs);

        await host.StartAsync();

        logs().Where(log => log.Id.Id == 901).Should().ContainSingle().Which.GetStructuredStateValue("NearestKey").Should().Be(nearest);
        logs().Should().OnlyContain(log => !log.Message.Contains("s3cret"));
        await host.StopAsync();
    }

    [Fact]
    public async Task Start_InstanceScenarioAndCustomPolicy_Fails()
    {
        using var host = ConfiguredHost.Build(
            ConfiguredHost.CreateConfiguration(
                ("GreenApi:Instances:0:IdInstance", "1101"),
                ("GreenApi:Instances:0:ApiTokenInstance", "s3cret"),
                ("GreenApi:Instances:0:Scenario", "Ignore"),
                ("GreenApi:Instances:0:Receive", "Webhook")),
            out _,
            calls => calls.UsePolicy(CallPolicies.AllStatuses));

        (await host.Awaiting(h => h.StartAsync()).Should().ThrowAsync<OptionsValidationException>()).WithMessage("Instance 1101 has a scenario, but UsePolicy*");
    }

    [Fact]
    public async Task Start_InvalidInstanceEntries_AreSkippedAndLogged()
    {
        using var host = ConfiguredHost.Build(
            ConfiguredHost.CreateConfiguration(
                ("GreenApi:Instances:0:IdInstance", "0"),
                ("GreenApi:Instances:1:IdInstance", "1101"),
                ("GreenApi:Instances:2:IdInstance", "1102"),
                ("GreenApi:Instances:2:ApiTokenInstance", "s3cret"),
                ("GreenApi:Instances:2:ApiUrl", "nowhere"),
                ("GreenApi:Instances:3:IdInstance", "1103"),
                ("GreenApi:Instances:3:Receive", "Webhook")),
            out var logs);

        await host.StartAsync();

        var instances = host.Services.GetRequiredService<ICallInstances>();
        instances.Current.Select(instance => instance.IdInstance).Should().Equal(1103);
        // A skipped entry still belongs to an instance of this host, so its notifications must not be treated as those of an unknown instance.
        instances.AreListed.Should().BeFalse();
        logs().Where(log => log.Id.Id == 3021).Select(log => log.Message[..20]).Should()
            .Equal("GreenApi:Instances:0", "GreenApi:Instances:1", "GreenApi:Instances:2");
        logs().Should().OnlyContain(log => !log.Message.Contains("s3cret") && !log.Message.Contains("nowhere"));
        await host.StopAsync();
    }

    [Theory]
    [InlineData("Polling", true)]
    [InlineData("Webhook", false)]
    public void IsWebhookTokenOptional_Entries_OnlyWhenAllArePolled(string receive, bool isOptional)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddIncomingCalls().AddGreenApi(ConfiguredHost.CreateConfiguration(
            ("GreenApi:Instances:0:IdInstance", "1"),
            ("GreenApi:Instances:0:ApiTokenInstance", "s3cret"),
            ("GreenApi:Instances:0:Receive", receive)).GetSection("GreenApi"));
        using var provider = services.BuildServiceProvider();

        provider.GetServices<IInstanceSource>().Single().IsWebhookTokenOptional.Should().Be(isOptional);
    }

    [Fact]
    public void IsComplete_NoEntries_False()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddIncomingCalls().AddGreenApi(_ => { });
        using var provider = services.BuildServiceProvider();

        provider.GetRequiredService<ICallInstances>().AreListed.Should().BeFalse();
    }

    [Fact]
    public async Task Start_InstanceScenario_AppliesToItsCalls()
    {
        using var host = ConfiguredHost.Build(
            ConfiguredHost.CreateConfiguration(
                ("GreenApi:Instances:0:IdInstance", $"{NotificationJson.IdInstance}"),
                ("GreenApi:Instances:0:Receive", "Webhook"),
                ("GreenApi:Instances:0:Scenario", "Ignore")),
            out _);
        await host.StartAsync();

        var result = await host.Services.GetRequiredService<ICallIntake>().AcceptAsync(Encoding.UTF8.GetBytes(NotificationJson.IncomingCall("A1")));

        result.Outcome.Should().Be(IntakeOutcome.Discarded);
        await host.StopAsync();
    }
}
