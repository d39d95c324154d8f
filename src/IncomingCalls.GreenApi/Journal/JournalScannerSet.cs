using System.Collections.Concurrent;
using IncomingCalls.GreenApi.Telemetry;
using IncomingCalls.Inbox;
using IncomingCalls.Shared;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Journal;

/// <summary>The scanners of this process, one for each instance whose journal creates calls. Only the instance ownership changes the set.</summary>
internal sealed class JournalScannerSet(
    CallJournals journals,
    CallJournalIntake intake,
    JournalProgressStore progress,
    LastKnownGoodOptions<GreenApiOptions> options,
    TimeProvider time,
    ILogger<JournalScannerSet> logger) : IInstanceWorker
{
    /// <summary>A little more than the minute for which an answer of the journal is used.</summary>
    private static readonly TimeSpan OnlySourceInterval = TimeSpan.FromSeconds(65);

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<long, RunningScanner> _running = new();

    public bool HasWork(CallInstance instance) => IsOnlySource(instance) || options.CurrentValue.CallJournal == CallJournalUse.OutcomesAndCalls;

    public async Task SetInstancesAsync(IReadOnlyCollection<CallInstance> instances, CancellationToken stopping)
    {
        var wanted = intake.IsDurable ? instances.Where(HasWork).ToDictionary(static instance => instance.IdInstance) : [];
        foreach (var (idInstance, running) in _running)
        {
            if (!wanted.TryGetValue(idInstance, out var instance) || running.IsOnlySource != IsOnlySource(instance))
            {
                await running.Stop.CancelAsync().ConfigureAwait(false);
                await running.Completion.ConfigureAwait(false);
                running.Stop.Dispose();
                _running.TryRemove(idInstance, out _);
            }
        }

        foreach (var (idInstance, instance) in wanted)
        {
            if (!_running.ContainsKey(idInstance) && !stopping.IsCancellationRequested)
            {
                _running[idInstance] = Start(instance);
            }
        }
    }

    public Task WaitUntilReleasedAsync(long idInstance, CancellationToken cancellationToken) =>
        _running.TryGetValue(idInstance, out var running) && running.Stop.IsCancellationRequested ? running.Completion.WaitAsync(cancellationToken) : Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => SetInstancesAsync([], cancellationToken);

    private static bool IsOnlySource(CallInstance instance) => instance.Receive == ReceiveMode.Journal;

    private RunningScanner Start(CallInstance instance)
    {
        var stop = new CancellationTokenSource();
        var isOnlySource = IsOnlySource(instance);
        var scanner = new JournalScanner(instance.IdInstance, isOnlySource, journals, intake, progress);
        return new(stop, isOnlySource, Task.Run(() => RunAsync(instance.IdInstance, scanner, isOnlySource ? OnlySourceInterval : Interval, stop.Token), CancellationToken.None));
    }

    private async Task RunAsync(long idInstance, JournalScanner scanner, TimeSpan interval, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            DateTimeOffset? nextAt = null;
            try
            {
                nextAt = await scanner.ScanAsync(stopping).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (CallInboxUnavailableException)
            {
                // Reported by the inbox. The next scan repeats this one.
            }
            catch (Exception e)
            {
                // Without its text: see InstanceJournals.
                logger.JournalScanFailed(idInstance, e.GetType().Name);
            }

            // With jitter, so that the instances of a host are not asked at the same time.
            var delay = nextAt is { } next ? next - time.GetUtcNow() + TimeSpan.FromSeconds(1) : interval + (interval * 0.2 * Random.Shared.NextDouble());
            await Task.Delay(delay > TimeSpan.FromSeconds(1) ? delay : TimeSpan.FromSeconds(1), time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <param name="Stop">Stops the scanner.</param>
    /// <param name="IsOnlySource">Whether the journal is the only source of the calls.</param>
    /// <param name="Completion">Completes when the scanner has ended; never fails.</param>
    private sealed record RunningScanner(CancellationTokenSource Stop, bool IsOnlySource, Task Completion);
}
