using IncomingCalls.Sqlite.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Sqlite.Tests.Engine;

public class BacklogTests
{
    private const int Calls = 200;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    [Fact]
    public async Task Restart_HandlerHangsWithABacklog_OtherHandlersFindTheirDueWork()
    {
        using var folder = new InboxFolder();
        var gate = new HandlerGate();
        await using (var host = await StartAsync(folder.Path, gate))
        {
            host.Recorder.BeforeRecording = static (_, _) => throw new CallEventRetryException(TimeSpan.FromMinutes(1));
            await Task.WhenAll(Enumerable.Range(0, Calls).Select(async i => await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", $"{i}"))));
            await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM lanes WHERE waits_for = 1") == 2 * Calls);
        }

        gate.Close();
        await using var next = await StartAsync(folder.Path, gate);
        using var opening = gate;
        next.Clock.Advance(TimeSpan.FromMinutes(1));

        await next.WaitUntilAsync(() => next.QueryNumber("SELECT COUNT(*) FROM lanes WHERE handler = 'recorder'") == 0, Tick);
        next.Recorder.Events.Should().HaveCount(Calls);
        (await next.Administration.GetStatisticsAsync()).Should().BeEquivalentTo(new { Depth = (long)Calls, Ready = (long)Calls, WaitingForRetry = 0L }, "the slow handler has handled nothing");

        gate.Dispose();
        await next.WaitUntilAsync(() => next.QueryNumber("SELECT COUNT(*) FROM work") == 0, Tick);
    }

    private static Task<SqliteHost> StartAsync(string path, HandlerGate gate) => SqliteHost.StartAsync(path, configure: calls =>
    {
        calls.Services.AddSingleton(gate);
        calls.AddHandler<SlowHandler>("slow");
    });

    /// <summary>Holds the attempts of the slow handler from when it is closed until it is disposed.</summary>
    private sealed class HandlerGate : IDisposable
    {
        private volatile TaskCompletionSource? _closed;

        public Task WaitAsync() => _closed?.Task ?? Task.CompletedTask;

        public void Close() => _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Dispose() => _closed?.TrySetResult();
    }

    private sealed class SlowHandler(EventRecorder recorder, HandlerGate gate) : ICallEventHandler
    {
        public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
        {
            await recorder.BeforeRecording(callEvent, cancellationToken);
            await gate.WaitAsync();
        }
    }
}
