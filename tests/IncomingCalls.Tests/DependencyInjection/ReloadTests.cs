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
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Configuration.AddInMemoryCollection([new("IncomingCalls:Scenario", "ResultOnly")]);
        builder.Logging.AddFakeLogging().AddEventSourceLogger();
        builder.Services.AddSingleton<TestRecorder>();
        builder.Services.AddIncomingCalls(builder.Configuration.GetSection("IncomingCalls")).AddHandler<RecordingHandler>();
        using var host = builder.Build();
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

    [Fact]
    public async Task Decide_PolicyThrowsOptionsValidationException_IsNotAcknowledged()
    {
        await using var host = await TestHost.StartAsync(builder => builder.UsePolicy<MisconfiguredPolicy>());

        await FluentActions.Awaiting(() => host.Intake.AcceptAsync(TestNotifications.CreateCall("declined")).AsTask()).Should().ThrowAsync<CallInboxUnavailableException>();
    }

    private sealed class MisconfiguredPolicy : ICallPolicy
    {
        public CallDecision Decide(CallPolicyContext context) => throw new OptionsValidationException("x", typeof(object), ["Tenant:Hours is wrong."]);
    }
}
