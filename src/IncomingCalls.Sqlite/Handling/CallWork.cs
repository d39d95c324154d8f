using System.Collections.Concurrent;
using IncomingCalls.Inboxes;
using Microsoft.Extensions.Logging;

namespace IncomingCalls;

/// <summary>Runs handlers on the thread pool, and gives their results to the writer.</summary>
internal sealed class CallWork(InboxServices services, InboxWriter writer, Func<ICallIntake> intake, TimeProvider time, ILogger logger)
    : IDisposable
{
    private readonly ConcurrentDictionary<long, bool> _takingIn = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly WorkCount _underWay = new();

    /// <summary>Starts an attempt.</summary>
    public void Run(CallInHand call, HandlerRun run) => Start(() => RunAsync(call, run));

    /// <summary>Starts to ask the policy about a missing outcome.</summary>
    public void Decide(CallInHand call) => Start(() =>
    {
        writer.Post(new GiveUpWaitingWrite(call, services.DecideNoOutcome(call.Key.IdInstance), services, this));
        return Task.CompletedTask;
    });

    /// <summary>Starts to fetch more of an instance's calls.</summary>
    public void Fetch(long idInstance) => writer.Post(new FetchWrite(idInstance, time));

    /// <summary>Tries a write again in a moment: what a handler has done must be written, or it would do it twice.</summary>
    public void Again(InboxWrite write) => Later(write, TimeSpan.FromSeconds(1));

    public void Later(InboxWrite write, TimeSpan wait) => _ = PostAsync(write, wait);

    /// <summary>Takes a notification of the quarantine in, once at a time. What is still unreadable comes back as a new item.</summary>
    public void TakeIn(long id, byte[] bytes)
    {
        if (_takingIn.TryAdd(id, true))
        {
            Start(() => TakeInAsync(id, bytes));
        }
    }

    public void TakenIn(long id) => _takingIn.TryRemove(id, out _);

    /// <summary>Waits for the handlers that are at work, then tells the rest to stop.</summary>
    /// <param name="cancellationToken">Signalled when the host can wait no longer.</param>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        var idle = _underWay.WhenIdleAsync();
        try
        {
            await idle.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            logger.DrainCutShort(_underWay.Count);
        }

        await _stopping.CancelAsync().ConfigureAwait(false);
    }

    public void Dispose() => _stopping.Dispose();

    private void Start(Func<Task> work)
    {
        _underWay.Begin();
        _ = Task.Run(async () =>
        {
            try
            {
                await work().ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                // Nothing is marked: the next start finds it as it was.
            }
            catch (Exception e)
            {
                logger.WorkFailed(e);
            }
            finally
            {
                _underWay.End();
            }
        });
    }

    private async Task PostAsync(InboxWrite write, TimeSpan wait)
    {
        await Task.Delay(wait, time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // When the host stops it is tried once more, at once.
        writer.Post(write);
    }

    private async Task TakeInAsync(long id, byte[] bytes)
    {
        try
        {
            await intake().AcceptAsync(bytes, _stopping.Token).ConfigureAwait(false);
            writer.Post(new ForgetQuarantinedWrite(id, this));
        }
        catch
        {
            // Not kept: it stays where it is, and the next look at the file finds it again.
            TakenIn(id);
            throw;
        }
    }

    private async Task RunAsync(CallInHand call, HandlerRun run)
    {
        HandlerReport report;
        try
        {
            report = await services.RunAsync(() => call.Current, run, _stopping.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException || !_stopping.IsCancellationRequested)
        {
            logger.WorkFailed(e);
            report = new() { Run = run, Verdict = HandlerVerdict.Failed, Error = e.GetType().Name };
        }

        writer.Post(new SettleWrite(call, report, services, this));
    }
}
