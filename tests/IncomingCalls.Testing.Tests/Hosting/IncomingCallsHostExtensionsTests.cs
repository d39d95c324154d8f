using IncomingCalls.Inbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IncomingCalls.Testing.Tests.Hosting;

public sealed class IncomingCallsHostExtensionsTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);

    /// <summary>The in-memory inbox acknowledges an offer while its alert is being raised.</summary>
    [Fact]
    public async Task WaitUntilIdleAsync_AlertIsBeingRaised_WaitsForIt()
    {
        var notifier = new HangingNotifier();
        using var host = await StartAsync(services => services.AddSingleton(notifier).AddIncomingCalls().AddOperatorNotifier<HangingNotifier>());
        await host.Services.GetRequiredService<ICallIntake>().AcceptAsync(CreateOffer());

        var waiting = host.WaitUntilIdleAsync();
        await notifier.Raised.Task;
        waiting.IsCompleted.Should().BeFalse();
        notifier.Finish.SetResult();

        await waiting;
    }

    [Fact]
    public async Task WaitUntilIdleAsync_NotifierHangs_TimesOutAndSaysWhat()
    {
        var notifier = new HangingNotifier();
        using var host = await StartAsync(services => services.AddSingleton(notifier).AddIncomingCalls().AddOperatorNotifier<HangingNotifier>());
        await host.Services.GetRequiredService<ICallIntake>().AcceptAsync(CreateOffer());

        var waiting = () => host.WaitUntilIdleAsync(Soon);

        (await waiting.Should().ThrowAsync<TimeoutException>()).Which.Message.Should().StartWith("The inbox was not idle within 0.05 s: a delivery is running, due, or waiting");
        notifier.Finish.SetResult();
    }

    [Fact]
    public async Task WaitUntilIdleAsync_Cancelled_ThrowsOperationCanceled()
    {
        using var host = await StartAsync(services => services.AddSingleton<ICallInbox>(new LockedInbox()));
        using var cancelled = new CancellationTokenSource();
        var waiting = host.WaitUntilIdleAsync(cancellationToken: cancelled.Token);

        await cancelled.CancelAsync();

        await waiting.Invoking(one => one).Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task WaitUntilIdleAsync_InboxCannotBeRead_TimesOutWithTheFailure()
    {
        using var host = await StartAsync(services => services.AddSingleton<ICallInbox>(new LockedInbox()));

        var waiting = () => host.WaitUntilIdleAsync(Soon);

        var failure = (await waiting.Should().ThrowAsync<TimeoutException>()).Which;
        failure.Message.Should().Be("The inbox could not be read within 0.05 s: The file is locked.");
        failure.InnerException.Should().BeOfType<CallInboxUnavailableException>();
    }

    [Fact]
    public async Task WaitUntilIdleAsync_InboxDoesNotReportIt_ThrowsAtOnce()
    {
        using var host = await StartAsync(services => services.AddSingleton<ICallInbox>(new SilentInbox()));

        var waiting = () => host.WaitUntilIdleAsync();

        (await waiting.Should().ThrowAsync<NotSupportedException>()).Which.Message.Should().Contain("SilentInbox does not report whether it is idle");
    }

    [Fact]
    public async Task WaitUntilIdleAsync_HostWithoutIncomingCalls_SaysWhatIsMissing()
    {
        using var host = await StartAsync(_ => { });

        var waiting = () => host.WaitUntilIdleAsync();

        (await waiting.Should().ThrowAsync<InvalidOperationException>()).Which.Message.Should().Contain("AddIncomingCalls");
    }

    private static async Task<IHost> StartAsync(Action<IServiceCollection> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        configure(builder.Services);
        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    private static IncomingCallNotification CreateOffer() => new()
    {
        IdMessage = "A",
        Instance = new() { IdInstance = 1101000001, TypeInstance = "whatsapp" },
        RawStatus = "offer",
        From = ChatId.Parse("70000000101@c.us"),
        Timestamp = TimeProvider.System.GetUtcNow(),
    };

    private sealed class HangingNotifier : IOperatorNotifier
    {
        public TaskCompletionSource Raised { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Finish { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken)
        {
            Raised.SetResult();
            return new(Finish.Task);
        }
    }

    /// <summary>An inbox that does not report whether it is idle.</summary>
    private class SilentInbox : ICallInbox
    {
        public bool IsDurable => true;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public ValueTask<IntakeResult> AcceptAsync(ReceivedCallNotification received, CancellationToken cancellationToken) => throw new NotSupportedException();

        public ValueTask QuarantineAsync(QuarantinedNotification item, CancellationToken cancellationToken) => throw new NotSupportedException();
    }

    /// <summary>An inbox that cannot be read.</summary>
    private sealed class LockedInbox : SilentInbox, ICallInbox
    {
        public ValueTask<bool> IsIdleAsync(CancellationToken cancellationToken) => throw new CallInboxUnavailableException("The file is locked.");
    }
}
