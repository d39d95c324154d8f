using System.Text.Json.Serialization.Metadata;
using Orleans.Storage;

namespace IncomingCalls.Orleans.Storage;

/// <summary>
/// The state of a grain and its queue of writes (group commit): changes that arrive during a write share the next one, and no reader
/// sees a state that is not stored. Use it only in the turns of one grain.
/// </summary>
/// <remarks>
/// <para>
/// The etag of the storage is the fence. After an etag conflict the stored state is read and the same changes are applied to it; after any
/// other failure the stored state is unknown, so it is read again before the next write.
/// </para>
/// <para>
/// It calls the provider directly: an <see cref="IPersistentState{T}"/> has its own queue of writes, stores the document in memory beside the
/// state that was created from it, and moves it when the grain migrates. Here a document exists only during its write (ADR 0015).
/// </para>
/// </remarks>
/// <param name="location">The location of the state in the storage.</param>
/// <param name="owner">The grain that owns the state.</param>
/// <param name="typeInfo">The JSON contract of the state.</param>
/// <param name="participant">The participant in the writes; null for none.</param>
internal sealed class BatchedStateWriter<T>(StateLocation location, IGrainContext owner, JsonTypeInfo<T> typeInfo, IStateWriteParticipant<T>? participant = null)
    where T : class, new()
{
    /// <summary>Gives up after three etag conflicts in a row; the transport retries.</summary>
    private const int MaxConflicts = 3;

    private List<StateChange<T>> _pending = [];
    private T? _current;
    private string? _etag;
    private bool _recordExists;
    private bool _isStale;
    private Task _writing = Task.CompletedTask;

    /// <summary>Gets the stored state with the lazy changes applied. Available after <see cref="LoadAsync"/>.</summary>
    public T Current => _current!;

    /// <summary>Reads the state for the first time. Call it before any other member.</summary>
    public async Task LoadAsync() => SetCurrent(await ReadStorageAsync());

    /// <summary>Applies a change.</summary>
    /// <returns>A task that completes when the change is stored.</returns>
    public Task ApplyAsync(Func<T, T> change) => Enqueue(new(change, isLazy: false));

    /// <summary>Applies a change in memory, which the next write stores.</summary>
    public void ApplyLazily(Func<T, T> change) => Enqueue(new(change, isLazy: true));

    /// <summary>
    /// Reloads the state if another activation has written it, which an activation that the directory of Orleans lost would not detect before
    /// its next write. Queued with the writes: if one of them succeeds first, there was no other writer and nothing is reloaded.
    /// </summary>
    public Task ReloadAsync()
    {
        _isStale = true;
        return ApplyAsync(static state => state);
    }

    /// <summary>Deletes the state, in order with the writes. No write may be in progress.</summary>
    public Task ClearAsync()
    {
        var cleared = new TaskCompletionSource();
        _writing = ClearAndContinueAsync(cleared);
        return cleared.Task;
    }

    /// <summary>Waits until no write is in progress.</summary>
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
            await location.Storage.ClearStateAsync(location.Name, owner.GrainId, state);
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
                location.Health.ReportSuccess();
            }
            catch (Exception e)
            {
                location.Health.ReportFailure(e);
                // Without the inner exception, which is logged here: exceptions of providers may not be serializable.
                failure = new CallInboxUnavailableException($"The storage of the Orleans inbox cannot be used: {e.GetType().Name}.");
            }

            foreach (var change in batch)
            {
                change.Complete(failure);
            }
        }

        // Replaces the task of this method, which takes more memory than an idle call.
        _writing = Task.CompletedTask;
    }

    private async Task CommitAsync(List<StateChange<T>> batch)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (_isStale)
            {
                await ReloadIfChangedAsync();
            }

            var (next, isWrite) = Apply(batch);
            var state = isWrite ? CreateGrainState(StoredStateSerializer.Serialize(next, typeInfo)) : null;
            _isStale = isWrite;

            // In one method with the write, because each await in a grain is a task in the queue of the grain.
            var participantTask = participant?.OnWritingAsync(next) ?? Task.CompletedTask;
            try
            {
                if (state is not null)
                {
                    var started = location.Metrics.GetTimestamp();
                    await location.Storage.WriteStateAsync(location.Name, owner.GrainId, state);
                    location.Metrics.RecordCommit(started);
                    RememberEtag(state);
                    _isStale = false;
                    _current = next;
                }

                await participantTask;
                _current = next;
                return;
            }
            catch (InconsistentStateException) when (attempt < MaxConflicts)
            {
                // Another activation wrote the state: the changes are applied again to what it stored.
                participant?.OnConflict();
            }
            finally
            {
                // Also after a failed write, so that nothing is in progress when the next write starts.
                await participantTask;
            }
        }
    }

    private async Task ReloadIfChangedAsync()
    {
        var state = await ReadStorageAsync();
        if (state.ETag != _etag)
        {
            // Otherwise the state is the one that was read or written last, and its lazy changes are retained.
            SetCurrent(state);
        }

        _isStale = false;
    }

    private async Task<GrainState<StoredState>> ReadStorageAsync()
    {
        var state = CreateGrainState(new());
        await location.Storage.ReadStateAsync(location.Name, owner.GrainId, state);
        return state;
    }

    private void SetCurrent(GrainState<StoredState> state)
    {
        // Before the etag is stored, so that a state that cannot be read is not overwritten.
        _current = StoredStateSerializer.Deserialize(state.State, typeInfo) ?? new();
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
/// <param name="apply">Creates the next state from the previous one; returns the same instance when there is nothing to write. May run several times.</param>
/// <param name="isLazy">Whether the change waits for the write of another one, and may be lost in a crash before that.</param>
internal sealed class StateChange<T>(Func<T, T> apply, bool isLazy)
{
    // Continuations run synchronously in the turn of the write: both belong to the same grain, and another turn would be a task in its queue.
    private readonly TaskCompletionSource _completion = new();

    public bool IsLazy => isLazy;

    public Task Completion => _completion.Task;

    /// <summary>Gets the exception of this change; the other changes of the batch are not affected.</summary>
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

/// <summary>A participant in the writes of a state. An interface, because two delegates would take memory in thousands of calls.</summary>
internal interface IStateWriteParticipant<in T>
{
    /// <summary>Runs concurrently with a write, which succeeds only if this task does.</summary>
    Task OnWritingAsync(T next);

    /// <summary>Invoked when another activation has written the state.</summary>
    void OnConflict();
}
