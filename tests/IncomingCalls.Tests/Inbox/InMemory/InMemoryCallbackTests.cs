using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Tests.Inbox.InMemory;

/// <summary>Callbacks in memory: how long and how many are stored, and what the end of one does to the acknowledgement.</summary>
public class InMemoryCallbackTests
{
    private static readonly Person Client = new() { IdInstance = 1101000001, ChatId = ChatId.Parse("70000000101@c.us") };

    [Fact]
    public async Task Callback_TwoWeeksAfterTheLastCallOrAttempt_IsRemoved()
    {
        await using var host = await StartAsync();
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("missed"));

        await host.AdvanceAsync(TimeSpan.FromDays(13));
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("hungUp", "B", secondsAgo: -13 * 86_400) with { Direction = CallDirection.Outgoing });
        await host.AdvanceAsync(TimeSpan.FromDays(14) - TimeSpan.FromTicks(1));
        (await GetCallbacks(host).FindAsync(Client))!.Attempts.Should().Be(1);
        await host.AdvanceAsync(TimeSpan.FromTicks(1));

        (await GetCallbacks(host).FindAsync(Client)).Should().BeNull();
        (await GetCallbacks(host).ListAsync()).Should().BeEmpty();
        host.Recorder.Lines.Should().NotContain("CallbackClosed");
    }

    [Fact]
    public async Task Callbacks_MoreThanMaxCalls_DropTheLeastRecentPerson()
    {
        await using var host = await StartAsync(options => options.InMemory.MaxCalls = 100);
        for (var person = 0; person <= 100; person++)
        {
            await host.Intake.AcceptAsync(TestNotifications.CreateCall("missed", $"{person}", from: $"7000001{person:D4}@c.us", secondsAgo: 200 - person));
        }

        var all = await GetCallbacks(host).ListAsync(limit: 1000);

        all.Should().HaveCount(100);
        all[0].Calls[0].IdMessage.Should().Be("1");
    }

    [Fact]
    public async Task AnsweredCall_HandlerOfTheClosingFails_IsAcknowledgedAndTheClosingRetried()
    {
        var attempts = 0;
        await using var host = await StartAsync();
        host.Recorder.OnEvent = (callEvent, _) => callEvent.Kind == CallEventKind.CallbackClosed && ++attempts < 3 ? throw new InvalidOperationException("No.") : ValueTask.CompletedTask;
        await host.Intake.AcceptAsync(TestNotifications.CreateCall("missed", "A", secondsAgo: 10));

        (await host.Intake.AcceptAsync(TestNotifications.CreateCall("pickUp", "B"))).Outcome.Should().Be(IntakeOutcome.Stored);
        await host.WaitUntilIdleAsync();
        await host.AdvanceAsync(TimeSpan.FromSeconds(1));
        await host.AdvanceAsync(TimeSpan.FromSeconds(2));

        host.Recorder.Events.Should().ContainSingle(callEvent => callEvent.Kind == CallEventKind.CallbackClosed).Which.Attempt.Should().Be(3);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task List_LimitOutOfRange_IsRefused(int limit)
    {
        await using var host = await StartAsync();

        await FluentActions.Awaiting(() => GetCallbacks(host).ListAsync(limit: limit).AsTask()).Should().ThrowAsync<ArgumentOutOfRangeException>();
    }

    [Fact]
    public async Task Close_HostStopped_IsUnavailable()
    {
        await using var host = await StartAsync();
        var callbacks = GetCallbacks(host);
        await host.StopAsync();

        await FluentActions.Awaiting(() => callbacks.CloseAsync(Client, null, TestHost.Now).AsTask()).Should().ThrowAsync<CallInboxUnavailableException>();
    }

    private static Task<TestHost> StartAsync(Action<IncomingCallsOptions>? options = null) => TestHost.StartAsync(
        builder => builder.AddHandler<RecordingHandler>(static handler => (handler.Name, handler.Kinds) = ("all", Enum.GetValues<CallEventKind>())), options);

    private static ICallbacks GetCallbacks(TestHost host) => host.Services.GetRequiredService<ICallbacks>();
}
