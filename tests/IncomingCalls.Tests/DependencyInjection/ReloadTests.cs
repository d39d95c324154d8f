using IncomingCalls.Shared;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace IncomingCalls.Tests.DependencyInjection;

public class ReloadTests
{
    [Theory]
    [InlineData("IncomingCalls:AlertWindow", "60")]
    [InlineData("IncomingCalls:InactivityThreshold", "24:00:00")]
    [InlineData("IncomingCalls:RetryDelays:0", "1")]
    [InlineData("IncomingCalls:RetryDelays", "soon")]
    [InlineData("IncomingCalls:Scenario", "Foo")]
    public async Task Reload_InvalidValue_LosesNoCallAndIsLogged(string key, string value)
    {
        var builder = CreateBuilder();
        builder.Configuration.AddInMemoryCollection([new("IncomingCalls:Scenario", "ResultOnly")]);
        using var host = Build(builder);
        await host.StartAsync();

        builder.Configuration[key] = value;
        // The reload itself may throw as well; with a file watcher there is no caller that receives the exception.
        Record.Exception(((IConfigurationRoot)builder.Configuration).Reload);
        var result = await host.Services.GetRequiredService<ICallIntake>().AcceptAsync(TestNotifications.CreateCall("declined"));

        result.Outcome.Should().Be(IntakeOutcome.Stored);
        host.Services.GetRequiredService<TestRecorder>().Lines.Should().Equal("Missed");
        host.Services.GetFakeLogCollector().GetSnapshot().Should().Contain(record => record.Level == LogLevel.Error && record.Message.Contains(key));
        await host.StopAsync();
    }

    /// <summary>With the default values, an offer would be stored instead of tracked.</summary>
    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("")]
    [InlineData("{")]
    public async Task Reload_FileMissingOrEmpty_KeepsTheLastValidOptionsUntilItIsBack(string? json)
    {
        var builder = CreateBuilder();
        var file = ConfigurationFile.AddTo(builder.Configuration, """{ "IncomingCalls": { "Scenario": "ResultOnly" } }""");
        // A key of the section from elsewhere: the section exists without the file as well.
        var other = ConfigurationFile.AddTo(builder.Configuration, """{ "IncomingCalls": { "AlertWindow": "00:00:30" } }""");
        using var host = Build(builder);
        await host.StartAsync();

        file.Write(json);
        // A file that cannot be read is not signalled. Another change must not reveal that its keys are missing.
        other.Write("""{ "IncomingCalls": { "AlertWindow": "00:00:40" } }""");
        (await AcceptOfferAsync(host, "A")).Should().Be(IntakeOutcome.Tracked);
        host.Services.GetFakeLogCollector().GetSnapshot().Where(record => record.Id.Id == 900).Should().NotBeEmpty().And
            .OnlyContain(record => record.Level == LogLevel.Error && record.Message.Contains("JsonConfigurationProvider for 'appsettings.json'", StringComparison.Ordinal));

        file.Write("""{ "IncomingCalls": { "Scenario": "Ignore" } }""");
        (await AcceptOfferAsync(host, "B")).Should().Be(IntakeOutcome.Discarded);
        host.Services.GetRequiredService<LastKnownGoodOptions<IncomingCallsOptions>>().CurrentValue.AlertWindow.Should().Be(TimeSpan.FromSeconds(40));
        await host.StopAsync();
    }

    [Fact]
    public async Task Reload_SectionRemovedFromTheFile_UsesTheDefaultValues()
    {
        var builder = CreateBuilder();
        var file = ConfigurationFile.AddTo(builder.Configuration, """{ "IncomingCalls": { "Scenario": "ResultOnly" } }""");
        using var host = Build(builder);
        await host.StartAsync();

        file.Write("""{ "Logging": { "LogLevel": { "Default": "Information" } } }""");

        (await AcceptOfferAsync(host, "A")).Should().Be(IntakeOutcome.Stored);
        await host.StopAsync();
    }

    [Fact]
    public async Task Reload_OtherFileEmptied_IsAccepted()
    {
        var builder = CreateBuilder();
        var file = ConfigurationFile.AddTo(builder.Configuration, """{ "IncomingCalls": { "Scenario": "ResultOnly" } }""");
        var other = ConfigurationFile.AddTo(builder.Configuration, """{ "Features": { "A": "true" } }""");
        using var host = Build(builder);
        await host.StartAsync();

        other.Write(null);
        file.Write("""{ "IncomingCalls": { "Scenario": "Ignore" } }""");

        (await AcceptOfferAsync(host, "A")).Should().Be(IntakeOutcome.Discarded);
        await host.StopAsync();
    }

    [Fact]
    public async Task Decide_PolicyThrowsOptionsValidationException_IsNotAcknowledged()
    {
        await using var host = await TestHost.StartAsync(builder => builder.UsePolicy<MisconfiguredPolicy>());

        await FluentActions.Awaiting(() => host.Intake.AcceptAsync(TestNotifications.CreateCall("declined")).AsTask()).Should().ThrowAsync<CallInboxUnavailableException>();
    }

    private static HostApplicationBuilder CreateBuilder()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Logging.AddFakeLogging().AddEventSourceLogger();
        builder.Services.AddSingleton<TestRecorder>();
        return builder;
    }

    private static IHost Build(HostApplicationBuilder builder)
    {
        builder.Services.AddIncomingCalls(builder.Configuration.GetSection("IncomingCalls")).AddHandler<RecordingHandler>();
        return builder.Build();
    }

    private static async Task<IntakeOutcome> AcceptOfferAsync(IHost host, string id) =>
        (await host.Services.GetRequiredService<ICallIntake>().AcceptAsync(TestNotifications.CreateCall("offer", id))).Outcome;

    private sealed class MisconfiguredPolicy : ICallPolicy
    {
        public CallDecision Decide(CallPolicyContext context) => throw new OptionsValidationException("x", typeof(object), ["Tenant:Hours is wrong."]);
    }
}
