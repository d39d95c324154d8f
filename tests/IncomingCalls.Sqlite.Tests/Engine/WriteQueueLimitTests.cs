using System.Diagnostics.Metrics;
using IncomingCalls.Inbox;
using IncomingCalls.Sqlite.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Sqlite.Tests.Engine;

public class WriteQueueLimitTests
{
    private const int MaxWaiting = 20_000;

    [Fact]
    public async Task AcceptAsync_WriteQueueFull_IsRefusedUntilTheWriterContinues()
    {
        using var folder = new InboxFolder();
        await using var host = await SqliteHost.StartAsync(folder.Path);
        using var writer = new HeldWriter(host.Services.GetRequiredService<IMeterFactory>());
        List<Task<IntakeResult>> accepted = [host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", "first")).AsTask()];
        await writer.Held.WaitAsync(TimeSpan.FromSeconds(30));

        Task<IntakeResult> accepting;
        while (!(accepting = host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", $"{accepted.Count}")).AsTask()).IsCompleted && accepted.Count < 2 * MaxWaiting)
        {
            accepted.Add(accepting);
        }

        var refused = () => accepting;
        (await refused.Should().ThrowAsync<CallInboxUnavailableException>()).WithMessage("The write queue of the inbox is full*");
        var quarantining = () => host.Services.GetRequiredService<ICallInbox>().QuarantineAsync(
            new() { Reason = QuarantineReason.NotUnderstood, Explanation = "No id.", Utf8Json = "{}"u8.ToArray(), ReceivedAt = SqliteHost.Now }, CancellationToken.None).AsTask();
        (await quarantining.Should().ThrowAsync<CallInboxUnavailableException>()).WithMessage("The write queue of the inbox is full*");
        // Without the first, which is not in the queue any more; a query for due work may be.
        accepted.Count.Should().BeInRange(MaxWaiting - 10, MaxWaiting + 1);

        writer.Dispose();
        (await Task.WhenAll(accepted).WaitAsync(TimeSpan.FromMinutes(1))).Should().OnlyContain(static result => result.Outcome == IntakeOutcome.Stored);
        host.QueryNumber("SELECT COUNT(*) FROM calls").Should().Be(accepted.Count);
    }

    /// <summary>Holds the thread of the writer after its next commit until it is disposed.</summary>
    private sealed class HeldWriter : IDisposable
    {
        private readonly ManualResetEventSlim _released = new();
        private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly MeterListener _commits;

        public HeldWriter(IMeterFactory meters)
        {
            _commits = new()
            {
                InstrumentPublished = (instrument, listener) =>
                {
                    if (instrument.Name == "incoming_calls.inbox.commit.duration" && instrument.Meter.Scope == meters)
                    {
                        listener.EnableMeasurementEvents(instrument);
                    }
                },
            };
            _commits.SetMeasurementEventCallback<double>((_, _, _, _) =>
            {
                _held.TrySetResult();
                _released.Wait();
            });
            _commits.Start();
        }

        public Task Held => _held.Task;

        public void Dispose()
        {
            _released.Set();
            _commits.Dispose();
        }
    }
}
