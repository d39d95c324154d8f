using IncomingCalls.Inbox;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Tests.Inbox.InMemory;

/// <summary>What the in-memory inbox does when the host stops.</summary>
public class InMemoryShutdownTests
{
    [Fact]
    public async Task StopAsync_HandlerRunning_WaitsForItAndItsNotificationIsAcknowledged()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>());
        var go = new TaskCompletionSource();
        host.Recorder.OnEvent = (_, _) => new(go.Task);
        var accepting = host.Intake.AcceptAsync(TestNotifications.CreateCall("declined")).AsTask();
        await host.Recorder.WaitForAttemptsAsync(1);

        var stopping = host.StopAsync();
        stopping.IsCompleted.Should().BeFalse();
        go.SetResult();

        await stopping.WaitAsync(TimeSpan.FromSeconds(10));
        (await accepting).Outcome.Should().Be(IntakeOutcome.Stored);
    }

    [Fact]
    public async Task StopAsync_HandlerRunning_FurtherNotificationsAreRefused()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>());
        var go = new TaskCompletionSource();
        host.Recorder.OnEvent = (_, _) => new(go.Task);
        var accepting = host.Intake.AcceptAsync(TestNotifications.CreateCall("declined")).AsTask();
        await host.Recorder.WaitForAttemptsAsync(1);
        var stopping = host.Services.GetRequiredService<ICallInbox>().StopAsync(CancellationToken.None);

        var refused = () => host.Intake.AcceptAsync(TestNotifications.CreateCall("declined", "B")).AsTask();

        (await refused.Should().ThrowAsync<CallInboxUnavailableException>()).Which.Message.Should().Contain("stopping");
        go.SetResult();
        await stopping.WaitAsync(TimeSpan.FromSeconds(10));
        (await refused.Should().ThrowAsync<CallInboxUnavailableException>()).Which.Message.Should().Contain("stopping");
        host.Recorder.Attempts.Keys.Should().Equal("1101000001/A/Missed");
        await accepting;
    }

    [Fact]
    public async Task StopAsync_DeliveryWaitsForItsRetry_IsNotAcknowledged()
    {
        await using var host = await TestHost.StartAsync(builder => builder.AddHandler<RecordingHandler>());
        host.Recorder.OnEvent = (_, _) => throw new CallEventRetryException(TimeSpan.FromMinutes(1));
        var accepting = host.Intake.AcceptAsync(TestNotifications.CreateCall("declined")).AsTask();
        await host.WaitUntilIdleAsync();

        await host.StopAsync().WaitAsync(TimeSpan.FromSeconds(10));

        (await FluentActions.Awaiting(() => accepting.WaitAsync(TimeSpan.FromSeconds(10))).Should().ThrowAsync<CallInboxUnavailableException>())
            .Which.Message.Should().Contain("stopped");
        host.Recorder.Attempts.Values.Should().Equal(1);
    }

    [Fact]
    public async Task StopAsync_RecordWaitsForTheName_IsNotAcknowledged()
    {
        var names = new ControlledNames();
        await using var host = await TestHost.StartAsync(builder =>
        {
            builder.Services.AddSingleton(names);
            builder.AddCallerNames<ControlledNames>().AddChatRecorder<RecordingChatRecorder>();
        });
        var accepting = host.Intake.AcceptAsync(TestNotifications.CreateCall("declined")).AsTask();
        await names.WaitForQueriesAsync(1);

        await host.Services.GetRequiredService<ICallInbox>().StopAsync(CancellationToken.None).WaitAsync(TimeSpan.FromSeconds(10));

        await FluentActions.Awaiting(() => accepting.WaitAsync(TimeSpan.FromSeconds(10))).Should().ThrowAsync<CallInboxUnavailableException>();
        host.Recorder.Lines.Should().BeEmpty();
    }
}
