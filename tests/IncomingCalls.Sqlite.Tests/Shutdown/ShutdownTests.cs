using IncomingCalls.Processes;
using IncomingCalls.Sqlite.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Sqlite.Tests.Shutdown;

/// <summary>The rows of the table about the shutdown in docs/reliability.md.</summary>
public sealed class ShutdownTests : IDisposable
{
    private const int DrainIncomplete = 1044;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly InboxFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Stop_AttemptRunning_NotificationsAreRefusedAndTheResultIsStored()
    {
        var attempt = new HeldAttempt();
        await using (var host = await SqliteHost.StartAsync(_folder.Path))
        {
            host.Recorder.BeforeRecording = attempt.WaitAsync;
            await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined"));
            await attempt.Started.WaitAsync(Limit);

            var stopping = host.StopAsync();
            await WaitUntilRefusedAsync(host);
            stopping.IsCompleted.Should().BeFalse("the attempt is running");
            attempt.Release();
            await stopping.WaitAsync(Limit);

            host.Recorder.Events.Should().ContainSingle();
        }

        (await GetEventsOfNextHostAsync()).Should().BeEmpty("the attempt has succeeded");
    }

    [Fact]
    public async Task Stop_MoreIsDue_StartsNoFurtherAttempts()
    {
        const int calls = 40;
        var attempt = new HeldAttempt();
        await using var host = await SqliteHost.StartAsync(_folder.Path, configure: static calls => calls.Services.Configure<IncomingCallsOptions>(static options => options.MaxConcurrentAttemptsPerInstance = 1));
        host.Recorder.BeforeRecording = attempt.WaitAsync;
        for (var i = 0; i < calls; i++)
        {
            await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", $"{i}"));
        }

        await attempt.Started.WaitAsync(Limit);
        var stopping = host.StopAsync();
        await WaitUntilRefusedAsync(host, "0");
        attempt.Release();
        await stopping.WaitAsync(Limit);

        var before = host.Recorder.Events.ToArray();
        var after = await GetEventsOfNextHostAsync();
        before.Should().HaveCountLessThan(32, "active attempts that wait for their slot do not start any more");
        before.Concat(after).Should().HaveCount(calls).And.OnlyHaveUniqueItems(static callEvent => callEvent.Id).And.OnlyContain(static callEvent => callEvent.Attempt == 1);
    }

    [Fact]
    public async Task Stop_ShutdownTimeoutElapsed_CancelledAttemptThatSucceedsIsStored()
    {
        var attempt = new HeldAttempt();
        await using (var host = await SqliteHost.StartAsync(_folder.Path))
        {
            host.Recorder.BeforeRecording = async (callEvent, cancellationToken) =>
            {
                // It completes its work although it was cancelled.
                await attempt.WaitAsync(callEvent, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            };
            await StopAfterTimeoutAsync(host, attempt);

            host.Recorder.Events.Should().ContainSingle();
            host.Logs.GetSnapshot().Should().ContainSingle(static record => record.Id.Id == DrainIncomplete);
        }

        (await GetEventsOfNextHostAsync()).Should().BeEmpty("the attempt has succeeded");
    }

    [Fact]
    public async Task Stop_ShutdownTimeoutElapsed_CancelledAttemptIsRepeatedAfterTheNextStart()
    {
        var attempt = new HeldAttempt();
        await using (var host = await SqliteHost.StartAsync(_folder.Path))
        {
            host.Recorder.BeforeRecording = attempt.WaitAsync;
            await StopAfterTimeoutAsync(host, attempt);

            host.Recorder.Events.Should().BeEmpty();
        }

        (await GetEventsOfNextHostAsync()).Should().ContainSingle().Which.Attempt.Should().Be(1, "the cancelled attempt does not count");
    }

    [Fact]
    public async Task Stop_AttemptIgnoresItsCancellation_ClosesTheFileAfterTwoSeconds()
    {
        var attempt = new HeldAttempt();
        // A long timeout, because the clock is advanced faster than the stop continues.
        await using var host = await SqliteHost.StartAsync(_folder.Path, configure: static calls => calls.Services.Configure<IncomingCallsOptions>(static options => options.HandlerTimeout = TimeSpan.FromMinutes(10)));
        host.Recorder.BeforeRecording = (callEvent, _) => attempt.WaitAsync(callEvent, CancellationToken.None);
        using var timeout = new CancellationTokenSource();
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined"));
        await attempt.Started.WaitAsync(Limit);

        var stopping = host.StopAsync(timeout.Token);
        await WaitUntilRefusedAsync(host);
        await timeout.CancelAsync();
        await Eventually.HoldsAsync(() =>
        {
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            stopping.IsCompleted.Should().BeTrue();
        });

        host.Clock.GetUtcNow().Should().BeOnOrAfter(SqliteHost.Now.AddSeconds(2));
        (await GetEventsOfNextHostAsync()).Should().ContainSingle("the file is closed and its lock released").Which.Attempt.Should().Be(1, "the attempt has not ended");
        attempt.Release();
    }

    private static async Task StopAfterTimeoutAsync(SqliteHost host, HeldAttempt attempt)
    {
        using var timeout = new CancellationTokenSource();
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined"));
        await attempt.Started.WaitAsync(Limit);

        var stopping = host.StopAsync(timeout.Token);
        await WaitUntilRefusedAsync(host);
        await timeout.CancelAsync();
        await stopping.WaitAsync(Limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.IsCompleted.Should().BeTrue();
    }

    /// <summary>Waits until notifications are refused. A duplicate has no effect before.</summary>
    private static Task WaitUntilRefusedAsync(SqliteHost host, string id = "A") => host.WaitUntilAsync(() =>
    {
        var accepting = host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", id)).AsTask();
        return accepting.ContinueWith(static accepted => accepted.Exception?.InnerException is CallInboxUnavailableException { Message: var message } && message.Contains("the host is stopping", StringComparison.Ordinal), TaskScheduler.Default).Result;
    });

    /// <summary>Handles what is pending with another host; returns the events.</summary>
    private async Task<IReadOnlyCollection<CallEvent>> GetEventsOfNextHostAsync()
    {
        await using var next = await SqliteHost.StartAsync(_folder.Path);
        await next.WaitUntilAsync(() => next.QueryNumber("SELECT COUNT(*) FROM work") == 0, TimeSpan.FromMilliseconds(1));
        return [.. next.Recorder.Events];
    }

    /// <summary>Holds an attempt until it is released or cancelled.</summary>
    private sealed class HeldAttempt
    {
        private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Started => _started.Task;

        public Task WaitAsync(CallEvent callEvent, CancellationToken cancellationToken)
        {
            _started.TrySetResult();
            return _released.Task.WaitAsync(cancellationToken);
        }

        public void Release() => _released.SetResult();
    }
}
