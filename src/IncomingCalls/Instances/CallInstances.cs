using System.Collections.Frozen;
using IncomingCalls.Infrastructure;
using IncomingCalls.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace IncomingCalls.Instances;

/// <summary>Reads all sources, follows their changes, and keeps what was known when one fails.</summary>
internal sealed class CallInstances : ICallInstances
{
    private static readonly TimeSpan InitialRetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxRetryDelay = TimeSpan.FromMinutes(1);

    /// <summary>How long a source's "unknown" is believed, so that a stranger's flood does not become the database's.</summary>
    private static readonly TimeSpan UnknownLifetime = TimeSpan.FromSeconds(2);

    private readonly IInstanceSource[] _sources;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly ExpiringCache<long, bool> _unknown;
    private readonly ChangeSignal _watch = new();
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

    public IChangeToken Watch() => _watch.Token;

    /// <summary>Reads the sources for the first time.</summary>
    public Task LoadAsync(CancellationToken cancellationToken) => ReadAsync(InitialRetryDelay, cancellationToken);

    /// <summary>Reads the sources whenever one of them says that it changed, and again after a while when one failed.</summary>
    public async Task FollowChangesAsync(CancellationToken cancellationToken)
    {
        // Nothing of a source runs on the thread that starts the host.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var retry = InitialRetryDelay;
        while (!cancellationToken.IsCancellationRequested)
        {
            // Watched before it is read: a change in between is noticed rather than missed.
            var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            List<IDisposable> registrations = [];
            try
            {
                var failed = !TryWatch(changed, registrations, retry);
                failed |= await ReadAsync(retry, cancellationToken).ConfigureAwait(false);
                await WaitAsync(changed.Task, failed ? retry : Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
                retry = failed ? Min(retry * 2, MaxRetryDelay) : InitialRetryDelay;
            }
            finally
            {
                registrations.ForEach(registration => registration.Dispose());
            }
        }
    }

    /// <summary>A source that cannot be watched, or whose token never gets renewed, is asked again after a while instead.</summary>
    private bool TryWatch(TaskCompletionSource changed, List<IDisposable> registrations, TimeSpan retry)
    {
        var all = true;
        foreach (var source in _sources)
        {
            try
            {
                var token = source.Watch();
                if (token.HasChanged)
                {
                    all = false;
                    _logger.InstanceSourceChangeTokenStale(source.GetType().Name, retry.TotalSeconds);
                    continue;
                }

                registrations.Add(token.RegisterChangeCallback(_ => changed.TrySetResult(), null));
            }
            catch (Exception e)
            {
                all = false;
                _logger.InstanceSourceFailed(source.GetType().Name, retry.TotalSeconds, e);
            }
        }

        return all;
    }

    private async Task<bool> ReadAsync(TimeSpan retry, CancellationToken cancellationToken)
    {
        var failed = false;
        List<CallInstance> read = [];
        foreach (var source in _sources)
        {
            try
            {
                read.AddRange(await source.GetAllAsync(cancellationToken).ConfigureAwait(false));
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                failed = true;
                _logger.InstanceSourceFailed(source.GetType().Name, retry.TotalSeconds, e);
            }
        }

        // A source that fails says nothing about its instances: nobody is dropped on its account.
        Replace(known => failed ? read.Concat(known) : read);
        foreach (var twice in read.CountBy(instance => instance.IdInstance).Where(count => count.Value > 1))
        {
            _logger.DuplicateInstance(twice.Key);
        }

        return failed;
    }

    private async Task WaitAsync(Task changed, TimeSpan atMost, CancellationToken cancellationToken)
    {
        try
        {
            await changed.WaitAsync(atMost, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // Nothing changed; the source that failed is asked again all the same.
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
            _watch.Signal();
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}

/// <summary>The instances as read at one moment.</summary>
internal sealed class InstanceSnapshot(IEnumerable<CallInstance> instances)
{
    public static InstanceSnapshot Empty { get; } = new([]);

    public FrozenDictionary<long, CallInstance> ById { get; } =
        instances.DistinctBy(instance => instance.IdInstance).ToFrozenDictionary(instance => instance.IdInstance);
}
