using System.Text.Json.Serialization.Metadata;
using Orleans.Storage;

namespace IncomingCalls.Orleans.Storage;

/// <summary>
/// The state of a grain and the one line in which it is written: what gathers while a write is under way shares the next one, and
/// nobody sees a state that is not in the storage. Belongs to the turns of one grain.
/// </summary>
/// <remarks>
/// <para>
/// The storage's etag is the fence. A write that loses the race reads what the winner wrote, and makes the same changes to that; after any
/// other failure nobody knows what the storage has, so it is read again before the next write.
/// </para>
/// <para>
/// It speaks to the provider itself: an <see cref="IPersistentState{T}"/> has a line of writes of its own, keeps the document beside the
/// state that was made of it, and takes it along when the grain moves. Here a document lives for the time of its write (ADR 0015).
/// </para>
/// </remarks>
/// <param name="place">Where it is kept.</param>
/// <param name="owner">The grain whose state it is.</param>
/// <param name="form">The state in JSON.</param>
/// <param name="companion">Who has a part in the writes; null for nobody.</param>
internal sealed class BatchedStateWriter<T>(StateLocation place, IGrainContext owner, JsonTypeInfo<T> form, IStateWriteParticipant<T>? companion = null)
    where T : class, new()
{
    /// <summary>Who loses this often has somebody against him who writes all the time; the transport may try later.</summary>
    private const int MaxConflicts = 3;

    private List<StateChange<T>> _pending = [];
    private T? _current;
    private string? _etag;
    private bool _recordExists;
    private bool _isStale;
    private Task _writing = Task.CompletedTask;

    /// <summary>The state as it is in the storage, and what lazy changes made of it. There once it is loaded.</summary>
    public T Current => _current!;

    /// <summary>Reads the state for the first time, before anything else is done with it.</summary>
    public async Task LoadAsync() => SetCurrent(await ReadStorageAsync());

    /// <summary>Makes a change.</summary>
    /// <returns>When it is in the storage.</returns>
    public Task ApplyAsync(Func<T, T> change) => Enqueue(new(change, isLazy: false));

    /// <summary>Makes a change in memory, which somebody else's write carries along.</summary>
    public void ApplyLazily(Func<T, T> change) => Enqueue(new(change, isLazy: true));

    /// <summary>
    /// Looks whether somebody else has written the state, which an activation that Orleans's directory forgot would not notice before its next
    /// write. In line with the writes: one that succeeds meanwhile has proved that nobody did.
    /// </summary>
    public Task ReloadAsync()
    {
        _isStale = true;
        return ApplyAsync(static state => state);
    }

    /// <summary>Forgets the state altogether, in line with the writes. Nothing may be under way.</summary>
    public Task ClearAsync()
    {
        var cleared = new TaskCompletionSource();
        _writing = ClearAndContinueAsync(cleared);
        return cleared.Task;
    }

    /// <summary>Waits until nothing is being written.</summary>
    public async Task WaitUntilIdleAsync()
    {
        while (!_writing.IsCompleted)
        {
            await _writing;
        }
    }

    private Task Enqueue(StateChange<T> change)
    {
        _pending.Add(change);
        if (_writing.IsCompleted)
        {
            _writing = WritePendingAsync();
        }

        return change.Completion;
    }

    private async Task ClearAndContinueAsync(TaskCompletionSource cleared)
    {
        _isStale = true;
        try
        {
            var state = CreateGrainState(new());
            await place.Storage.ClearStateAsync(place.Name, owner.GrainId, state);
            RememberEtag(state);
            _isStale = false;
            _current = new();
            cleared.SetResult();
        }
        catch (Exception e)
        {
            cleared.SetException(e);
        }

        await WritePendingAsync();
    }

    private async Task WritePendingAsync()
    {
        while (_pending.Count > 0)
        {
            var batch = _pending;
            _pending = [];
            Exception? failure = null;
            try
            {
                await CommitAsync(batch);
                place.Health.ReportRecovery();
            }
            catch (Exception e)
            {
                place.Health.ReportFailure(e);
                // Without the cause, which is told here: a provider's exception cannot be expected to cross the wire.
                failure = new CallInboxUnavailableException($"The storage of the Orleans inbox cannot be used: {e.GetType().Name}.");
            }

            foreach (var change in batch)
            {
                change.Complete(failure);
            }
        }

        // Instead of the task of this method, which holds more than a call does that rests.
        _writing = Task.CompletedTask;
    }

    private async Task CommitAsync(List<StateChange<T>> batch)
    {
        for (var race = 1; ; race++)
        {
            if (_isStale)
            {
                await ReloadIfChangedAsync();
            }

            var (next, isWrite) = Apply(batch);
            var state = isWrite ? CreateGrainState(StoredStateSerializer.Serialize(next, form)) : null;
            _isStale = isWrite;

            // In one method with the write: each await in a grain is a task in the grain's queue.
            var beside = companion?.OnWritingAsync(next) ?? Task.CompletedTask;
            try
            {
                if (state is not null)
                {
                    var started = place.Metrics.GetTimestamp();
                    await place.Storage.WriteStateAsync(place.Name, owner.GrainId, state);
                    place.Metrics.RecordCommit(started);
                    RememberEtag(state);
                    _isStale = false;
                    _current = next;
                }

                await beside;
                _current = next;
                return;
            }
            catch (InconsistentStateException) when (race < MaxConflicts)
            {
                // Somebody else wrote: what is to be changed now is what he left.
                companion?.OnConflict();
            }
            finally
            {
                // Also when the write failed: nothing may still be under way when the next one begins.
                await beside;
            }
        }
    }

    private async Task ReloadIfChangedAsync()
    {
        var state = await ReadStorageAsync();
        if (state.ETag != _etag)
        {
            // Else it is what was read or written last, and what lazy changes made of it since is worth keeping.
            SetCurrent(state);
        }

        _isStale = false;
    }

    private async Task<GrainState<StoredState>> ReadStorageAsync()
    {
        var state = CreateGrainState(new());
        await place.Storage.ReadStateAsync(place.Name, owner.GrainId, state);
        return state;
    }

    private void SetCurrent(GrainState<StoredState> state)
    {
        // Before the etag is noted: what cannot be read must not be written over.
        _current = StoredStateSerializer.Deserialize(state.State, form) ?? new();
        RememberEtag(state);
    }

    private (T Next, bool IsWrite) Apply(List<StateChange<T>> batch)
    {
        var next = Current;
        var isWrite = false;
        foreach (var change in batch)
        {
            var before = next;
            next = change.Apply(before);
            isWrite |= !change.IsLazy && !ReferenceEquals(before, next);
        }

        return (next, isWrite);
    }

    private GrainState<StoredState> CreateGrainState(StoredState state) => new(state, _etag) { RecordExists = _recordExists };

    private void RememberEtag(GrainState<StoredState> state)
    {
        _etag = state.ETag;
        _recordExists = state.RecordExists;
    }
}

/// <summary>A change that waits for its write.</summary>
/// <param name="apply">Makes the next state out of the last; the same one when there is nothing to write. May run more than once.</param>
/// <param name="isLazy">Whether it may wait for somebody else's write, and be lost with a crash before that.</param>
internal sealed class StateChange<T>(Func<T, T> apply, bool isLazy)
{
    // Whoever waits goes on in the turn in which the write ended: both belong to the same grain, and a turn of its own is a task in its queue.
    private readonly TaskCompletionSource _completion = new();

    public bool IsLazy => isLazy;

    public Task Completion => _completion.Task;

    /// <summary>Why it could not be applied; the others of its write can.</summary>
    public Exception? Failure { get; private set; }

    public T Apply(T state)
    {
        Failure = null;
        try
        {
            return apply(state);
        }
        catch (Exception e)
        {
            Failure = e;
            return state;
        }
    }

    public void Complete(Exception? failure)
    {
        if ((failure ?? Failure) is { } reason)
        {
            _completion.TrySetException(reason);
        }
        else
        {
            _completion.TrySetResult();
        }
    }
}

/// <summary>Whoever has a part in the writes of a state. An interface and not two delegates, which thousands of calls would keep.</summary>
internal interface IStateWriteParticipant<in T>
{
    /// <summary>What has to happen beside a write before it counts: given the state to be.</summary>
    Task OnWritingAsync(T next);

    /// <summary>Told when somebody else was found to have written the state.</summary>
    void OnConflict();
}
