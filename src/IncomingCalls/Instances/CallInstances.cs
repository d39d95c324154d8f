using System.Collections.Frozen;
using IncomingCalls.Infrastructure;
using IncomingCalls.Shared;
using IncomingCalls.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls.Instances;

/// <summary>Reads all sources and follows their changes. If a source fails, the last known instances stay in use.</summary>
internal sealed class CallInstances : ICallInstances
{
    private static readonly TimeSpan InitialRetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromMinutes(1);

    /// <summary>How long it is cached that an instance is unknown, so that a flood of notifications of unknown instances does not reach the host's database.</summary>
    private static readonly TimeSpan UnknownLifetime = TimeSpan.FromSeconds(2);

    private readonly IInstanceSource[] _sources;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly ExpiringCache<long, bool> _unknown;
    private readonly ChangeSignal _changes = new();
    private readonly Lock _gate = new();
    private volatile InstanceSnapshot _snapshot = InstanceSnapshot.Empty;

    public CallInstances(IEnumerable<IInstanceSource> sources, TimeProvider time, ILogger<CallInstances> logger)
    {
        _sources = [.. sources];
        _time = time;
        _logger = logger;
        _unknown = new(time, () => 10_000);
    }

    public bool AreListed => _sources.Any(source => source.IsComplete);

    public IReadOnlyCollection<CallInstance> Current => _snapshot.ById.Values;

    public CallInstance? Find(long idInstance) => _snapshot.ById.GetValueOrDefault(idInstance);

    public async ValueTask<CallInstance?> FindAsync(long idInstance, CancellationToken cancellationToken)
    {
        if (Find(idInstance) is { } known)
        {
            return known;
        }

        if (_unknown.TryGet(idInstance, out _))
        {
            return null;
        }

        foreach (var source in _sources)
        {
            if (await source.FindAsync(idInstance, cancellationToken).ConfigureAwait(false) is { } found)
            {
                Replace(known => known.Append(found));
                return found;
            }
        }

        _unknown.Set(idInstance, true, UnknownLifetime);
        return null;
    }

    public IChangeToken Watch() => _changes.Token;

    /// <summary>Reads the sources for the first time.</summary>
    public Task LoadAsync(CancellationToken cancellationToken) => ReadAsync(InitialRetryDelay, cancellationToken);

    /// <summary>Reads the sources after each change, and again after a delay if one of them failed.</summary>
    public async Task FollowChangesAsync(CancellationToken cancellationToken)
    {
        // The code of a source must not run on the thread that starts the host.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var backoff = new Backoff(InitialRetryDelay, MaxRetryDelay);
        while (!cancellationToken.IsCancellationRequested)
        {
            var retryDelay = backoff.Next();
            // The sources are watched before they are read, so that a change in between is not missed.
            var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            List<IDisposable> registrations = [];
            try
            {
                var failed = !TryWatch(changed, registrations, retryDelay);
                failed |= await ReadAsync(retryDelay, cancellationToken).ConfigureAwait(false);
                if (!failed)
                {
                    backoff.Reset();
                }

                await WaitAsync(changed.Task, failed ? retryDelay : Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                registrations.ForEach(registration => registration.Dispose());
            }
        }
    }

    /// <summary>Registers for the changes of all sources.</summary>
    /// <returns>false if a source cannot be watched or its token was signalled already; the sources are then read again after a delay.</returns>
    private bool TryWatch(TaskCompletionSource changed, List<IDisposable> registrations, TimeSpan retryDelay)
    {
        var areAllWatched = true;
        foreach (var source in _sources)
        {
            try
            {
                var token = source.Watch();
                if (token.HasChanged)
                {
                    areAllWatched = false;
                    _logger.InstanceSourceChangeTokenStale(source.GetType().Name, retryDelay.TotalSeconds);
                    continue;
                }

                registrations.Add(token.RegisterChangeCallback(_ => changed.TrySetResult(), null));
            }
            catch (Exception e)
            {
                areAllWatched = false;
                _logger.InstanceSourceFailed(source.GetType().Name, retryDelay.TotalSeconds, e);
            }
        }

        return areAllWatched;
    }

    private async Task<bool> ReadAsync(TimeSpan retryDelay, CancellationToken cancellationToken)
    {
        var failed = false;
        List<CallInstance> loaded = [];
        foreach (var source in _sources)
        {
            try
            {
                loaded.AddRange(await source.GetAllAsync(cancellationToken).ConfigureAwait(false));
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                failed = true;
                _logger.InstanceSourceFailed(source.GetType().Name, retryDelay.TotalSeconds, e);
            }
        }

        // If a source failed, its instances are not known to be removed, so the known instances stay.
        Replace(known => failed ? loaded.Concat(known) : loaded);
        foreach (var duplicate in loaded.CountBy(instance => instance.IdInstance).Where(count => count.Value > 1))
        {
            _logger.DuplicateInstance(duplicate.Key);
        }

        return failed;
    }

    private async Task WaitAsync(Task changed, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            await changed.WaitAsync(timeout, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // No change was signalled; the sources are read again because one of them failed.
        }
    }

    private void Replace(Func<IEnumerable<CallInstance>, IEnumerable<CallInstance>> change)
    {
        FrozenDictionary<long, CallInstance> before;
        InstanceSnapshot next;
        lock (_gate)
        {
            before = _snapshot.ById;
            _snapshot = next = new(change(before.Values));
        }

        var added = next.ById.Keys.Count(id => !before.ContainsKey(id));
        var removed = before.Keys.Count(id => !next.ById.ContainsKey(id));
        var changed = next.ById.Count(entry => before.TryGetValue(entry.Key, out var old) && !old.HasSameValues(entry.Value));
        if (added + removed + changed > 0)
        {
            _logger.InstancesLoaded(next.ById.Count, added, removed, changed);
            _changes.Signal();
        }
    }
}

/// <summary>The instances as read at one point in time.</summary>
internal sealed class InstanceSnapshot(IEnumerable<CallInstance> instances)
{
    public static InstanceSnapshot Empty { get; } = new([]);

    public FrozenDictionary<long, CallInstance> ById { get; } =
        instances.DistinctBy(instance => instance.IdInstance).ToFrozenDictionary(instance => instance.IdInstance);
}
