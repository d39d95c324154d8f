using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Options;

namespace IncomingCalls.Tests.DependencyInjection;

public class ConfigurationKeyTests
{
    [Theory]
    [InlineData("IncomingCalls:Scenaro", "AllStatuses", "IncomingCalls:Scenario")]
    [InlineData("IncomingCalls:retry-delays:0", "00:00:01", "IncomingCalls:RetryDelays")]
    [InlineData("IncomingCalls:GroupCall", "Ignore", "IncomingCalls:GroupCalls")]
    [InlineData("IncomingCalls:InMemory:MaxCall", "1000", "IncomingCalls:InMemory:MaxCalls")]
    [InlineData("IncomingCalls:MaxCalls", "1000", "IncomingCalls:InMemory:MaxCalls")]
    [InlineData("IncomingCalls:InMemory:AlertWindow", "00:00:30", "IncomingCalls:AlertWindow")]
    [InlineData("IncomingCalls:Label:ru:MissedCall", "x", "IncomingCalls:Labels")]
    [InlineData("IncomingCalls:AlertWindow:Seconds", "30", "IncomingCalls:AlertWindow")]
    [InlineData("IncomingCalls:RetryDelays:0:Delay", "00:00:01", "IncomingCalls:RetryDelays:0")]
    [InlineData("IncomingCalls:Sqlit:Path", "data/calls.db", "IncomingCalls:Sqlite")]
    public async Task Start_UnknownKey_IsLoggedWithTheNearestKnownKey(string key, string value, string nearest)
    {
        using var host = Build(configuration => configuration.AddInMemoryCollection([new(key, value)]));

        await host.StartAsync();

        var warning = Warnings(host).Should().ContainSingle().Which;
        warning.Level.Should().Be(LogLevel.Warning);
        key.Should().StartWith(warning.GetStructuredStateValue("Key")!);
        warning.GetStructuredStateValue("NearestKey").Should().Be(nearest);
        await host.StopAsync();
    }

    [Fact]
    public async Task Start_UnknownKeyInJson_IsLogged()
    {
        using var host = Build(configuration => configuration.AddJsonStream(new MemoryStream("""{ "IncomingCalls": { "Scenaro": "Ignore", "Inbox": { "Path": "x" } } }"""u8.ToArray())));

        await host.StartAsync();

        Warnings(host).Select(warning => warning.GetStructuredStateValue("Key")!).Should().BeEquivalentTo("IncomingCalls:Scenaro", "IncomingCalls:Inbox");
        await host.StopAsync();
    }

    [Fact]
    public async Task Start_UnknownKeyInAnEnvironmentVariable_IsLogged()
    {
        const string Prefix = "CONFIGURATION_KEY_TESTS_";
        Environment.SetEnvironmentVariable($"{Prefix}INCOMINGCALLS__SCENARO", "Ignore");
        try
        {
            using var host = Build(configuration => configuration.AddEnvironmentVariables(Prefix));

            await host.StartAsync();

            Warnings(host).Should().ContainSingle().Which.Message.Should().Be(
                "The configuration key IncomingCalls:SCENARO is unknown and has no effect; the nearest known key is IncomingCalls:Scenario. Correct it, or remove it.");
            await host.StopAsync();
        }
        finally
        {
            Environment.SetEnvironmentVariable($"{Prefix}INCOMINGCALLS__SCENARO", null);
        }
    }

    /// <summary>Texts, numbers of instances, list items and the sections of other packages are names that the host chooses, or that others validate.</summary>
    [Fact]
    public async Task Start_KnownKeys_LogNothing()
    {
        using var host = Build(configuration => configuration.AddInMemoryCollection(
        [
            new("IncomingCalls:scenario", "Ignore"),
            new("IncomingCalls:InstanceScenarios:1101000001", "OfferOnly"),
            new("IncomingCalls:Labels:ru:MissedCall", "x"),
            new("IncomingCalls:Labels:he-IL:DroppedCall", "x"),
            new("IncomingCalls:RetryDelays:0", "00:00:01"),
            new("IncomingCalls:RetryDelays:17", "00:00:02"),
            new("IncomingCalls:InMemory:MaxCalls", "1000"),
            new("IncomingCalls:Webhook:Tokens:0", "x"),
            new("IncomingCalls:Sqlite:Path", "x"),
            new("IncomingCalls:Orleans:MaxDeadLetters", "1"),
        ]));

        await host.StartAsync();

        Warnings(host).Should().BeEmpty();
        await host.StopAsync();
    }

    /// <summary>An unknown key is often the misspelt one that another validator misses.</summary>
    [Fact]
    public async Task Start_UnknownKeyAndInvalidValue_AreBothReported()
    {
        using var host = Build(configuration => configuration.AddInMemoryCollection([new("IncomingCalls:Scenaro", "Ignore"), new("IncomingCalls:AlertWindow", "02:00:00")]));

        (await FluentActions.Awaiting(() => host.StartAsync()).Should().ThrowAsync<OptionsValidationException>()).WithMessage("IncomingCalls:AlertWindow is 02:00:00.*");
        Warnings(host).Should().ContainSingle().Which.GetStructuredStateValue("Key").Should().Be("IncomingCalls:Scenaro");
    }

    [Fact]
    public async Task Reload_UnknownKeys_AreLoggedOnceEach()
    {
        ConfigurationManager manager = null!;
        using var host = Build(configuration =>
        {
            configuration.AddInMemoryCollection([new("IncomingCalls:Scenaro", "Ignore")]);
            manager = configuration;
        });
        await host.StartAsync();

        ((IConfigurationRoot)manager).Reload();
        manager["IncomingCalls:Cultur"] = "ru";
        ((IConfigurationRoot)manager).Reload();

        Warnings(host).Select(warning => warning.GetStructuredStateValue("Key")!).Should().BeEquivalentTo("IncomingCalls:Scenaro", "IncomingCalls:Cultur");
        await host.StopAsync();
    }

    public static TheoryData<string, string> RenamedKeys => new()
    {
        { "HandlerTimeLimit", "HandlerTimeout" },
        { "Retries:0", "RetryDelays" },
        { "ConcurrencyPerInstance", "MaxConcurrentAttemptsPerInstance" },
        { "SilenceLimit", "InactivityThreshold" },
        { "NameLifetime", "CallerNameCacheDuration" },
        { "NoNameLifetime", "MissingCallerNameCacheDuration" },
        { "NameWait", "CallerNameWait" },
        { "Inline:DeliveryTimeLimit", "AcknowledgementTimeout" },
        { "Inline:GiveUpAfter", "GiveUpAfter" },
        { "Inline:GiveUpAfterDeliveries", "GiveUpAfterRedeliveries" },
        { "Inline:RepeatWindow", "InMemory:DeduplicationWindow" },
        { "Inline:MaxCalls", "InMemory:MaxCalls" },
    };

    [Theory]
    [MemberData(nameof(RenamedKeys))]
    public async Task Start_KeyOfVersion1_FailsAndNamesTheNewKey(string oldKey, string newKey)
    {
        using var host = Build(configuration => configuration.AddInMemoryCollection([new($"IncomingCalls:{oldKey}", "00:00:01")]));

        (await FluentActions.Awaiting(() => host.StartAsync()).Should().ThrowAsync<OptionsValidationException>())
            .WithMessage($"IncomingCalls:{oldKey.Replace(":0", "", StringComparison.Ordinal)} is a key of version 1 and has no effect. Write IncomingCalls:{newKey} instead.*");
        Warnings(host).Should().BeEmpty();
    }

    [Fact]
    public async Task Reload_KeyOfVersion1_IsNotUsed()
    {
        ConfigurationManager manager = null!;
        using var host = Build(configuration =>
        {
            configuration.AddInMemoryCollection();
            manager = configuration;
        });
        await host.StartAsync();

        manager["IncomingCalls:NameWait"] = "00:00:01";
        Record.Exception(((IConfigurationRoot)manager).Reload);

        host.Services.GetFakeLogCollector().GetSnapshot().Where(record => record.Id.Id == 900).Should().NotBeEmpty().And
            .OnlyContain(record => record.Message.Contains("Write IncomingCalls:CallerNameWait instead", StringComparison.Ordinal));
        await host.StopAsync();
    }

    [Theory]
    [InlineData("IncomingCalls:RetryDelays", "soon", "IncomingCalls:RetryDelays is a single value instead of a list. Write its items as IncomingCalls:RetryDelays:0 and so on, or as an array in JSON.")]
    [InlineData("IncomingCalls:RetryDelays", "00:00:10", "IncomingCalls:RetryDelays is a single value instead of a list.*")]
    [InlineData("IncomingCalls:InstanceScenarios", "Ignore", "IncomingCalls:InstanceScenarios is a single value instead of a section. Write IncomingCalls:InstanceScenarios:1101000001, for example.")]
    [InlineData("IncomingCalls:Labels", "Missed", "IncomingCalls:Labels is a single value instead of a section. Write IncomingCalls:Labels:ru:MissedCall, for example.")]
    [InlineData("IncomingCalls:Labels:ru", "Missed", "IncomingCalls:Labels:ru is a single value instead of a section. Write IncomingCalls:Labels:ru:MissedCall, for example.")]
    [InlineData("IncomingCalls:InMemory", "100", "IncomingCalls:InMemory is a single value instead of a section. Write IncomingCalls:InMemory:MaxCalls, for example.")]
    [InlineData("IncomingCalls", "Ignore", "IncomingCalls is a single value instead of a section. Write IncomingCalls:Scenario, for example.")]
    public async Task Start_SingleValueInPlaceOfMany_NamesTheKeyAndWhatToWrite(string key, string value, string message)
    {
        using var host = Build(configuration => configuration.AddInMemoryCollection([new(key, value)]));

        (await FluentActions.Awaiting(() => host.StartAsync()).Should().ThrowAsync<OptionsValidationException>()).WithMessage(message);
    }

    /// <summary>The JSON provider represents an empty array by an empty text.</summary>
    [Theory]
    [InlineData("""{ "IncomingCalls": { "RetryDelays": [] } }""")]
    [InlineData("""{ "IncomingCalls": { "RetryDelays": null, "Labels": null, "InMemory": {} } }""")]
    public async Task Start_EmptyListOrSectionInJson_IsNotASingleValue(string json)
    {
        using var host = Build(configuration => configuration.AddJsonStream(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(json))));

        await host.StartAsync();

        host.Services.GetRequiredService<IOptions<IncomingCallsOptions>>().Value.RetryDelays.Should().BeNullOrEmpty();
        Warnings(host).Should().BeEmpty();
        await host.StopAsync();
    }

    private static IEnumerable<FakeLogRecord> Warnings(IHost host) => host.Services.GetFakeLogCollector().GetSnapshot().Where(record => record.Id.Id == 901);

    private static IHost Build(Action<ConfigurationManager> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        configure(builder.Configuration);
        builder.Logging.AddFakeLogging();
        builder.Services.AddIncomingCalls(builder.Configuration.GetSection("IncomingCalls"));
        return builder.Build();
    }
}
