using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Tests.Inbox.InMemory;

/// <summary>Destinations that are unavailable, with the in-memory inbox: it cannot acknowledge what a handler has not handled, so the gateway sends it again.</summary>
public class InMemoryDestinationTests
{
    [Fact]
    public async Task AcceptAsync_DestinationUnavailable_IsNotAcknowledgedAndNotAttemptedBeforeTheProbe()
    {
        await using var host = await StartAsync();
        host.Recorder.OnEvent = static (_, _) => throw new DestinationUnavailableException("portal-7", TimeSpan.FromHours(1));
        var gateway = new TestGateway(host).Enqueue(TestNotifications.CreateCall("declined"));

        (await gateway.SendAsync()).Should().Be("503");
        host.Recorder.OnEvent = static (_, _) => ValueTask.CompletedTask;
        host.Clock.Advance(TimeSpan.FromMinutes(1));
        (await gateway.SendAsync()).Should().Be("503");
        host.Clock.Advance(TimeSpan.FromMinutes(30));
        (await gateway.SendAsync()).Should().Be("503");
        await host.WaitUntilIdleAsync();
        host.Recorder.Attempts.Values.Should().Equal([1], "no redelivery ends the pause");
        await host.AdvanceAsync(TimeSpan.FromMinutes(29));
        (await gateway.SendAsync()).Should().Be("Duplicate", "the probe has handled the event");

        host.Recorder.Events.Should().ContainSingle().Which.Attempt.Should().Be(1, "the attempt that found the destination unavailable does not count");
    }

    [Fact]
    public async Task AcceptAsync_OtherCallToAPausedDestination_IsNotAcknowledgedAndNotAttempted()
    {
        await using var host = await StartAsync();
        host.Recorder.OnEvent = static (_, _) => throw new DestinationUnavailableException("portal-7", TimeSpan.FromHours(1));
        (await new TestGateway(host).Enqueue(TestNotifications.CreateCall("declined")).SendAsync()).Should().Be("503");

        var accepting = host.Intake.AcceptAsync(TestNotifications.CreateCall("declined", "B")).AsTask();

        await FluentActions.Awaiting(() => accepting.WaitAsync(TimeSpan.FromSeconds(10))).Should().ThrowAsync<CallInboxUnavailableException>("the pause is longer than the acknowledgement may wait");
        host.Recorder.Attempts.Should().Equal(new Dictionary<string, int> { ["1101000001/A/Missed"] = 1 });
        host.Recorder.OnEvent = static (_, _) => ValueTask.CompletedTask;
        await host.AdvanceAsync(TimeSpan.FromHours(1));
        host.Recorder.Events.Select(static callEvent => callEvent.Call.Key.IdMessage).Should().BeEquivalentTo("A", "B");
    }

    [Fact]
    public async Task AcceptAsync_ProbeBeforeTheAcknowledgementTimeout_IsAcknowledgedAfterIt()
    {
        await using var host = await StartAsync();
        host.Recorder.OnEvent = (_, _) => host.Clock.GetUtcNow() < TestHost.Now.AddSeconds(20) ? throw new DestinationUnavailableException("portal-7", TimeSpan.FromSeconds(20)) : default;

        var accepting = host.Intake.AcceptAsync(TestNotifications.CreateCall("declined")).AsTask();
        await host.WaitUntilIdleAsync();
        await host.AdvanceAsync(TimeSpan.FromSeconds(19));
        accepting.IsCompleted.Should().BeFalse();
        await host.AdvanceAsync(TimeSpan.FromSeconds(1));

        (await accepting.WaitAsync(TimeSpan.FromSeconds(10))).Outcome.Should().Be(IntakeOutcome.Stored);
    }

    private static Task<TestHost> StartAsync() => TestHost.StartAsync(static builder => builder.AddHandler<RecordingHandler>(static options =>
    {
        options.Name = "crm";
        options.Destination = static _ => "portal-7";
    }));
}
