using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Orleans.Storage;

namespace IncomingCalls.Orleans.Tests.Hosting;

/// <summary>A grain storage in memory with etags, which counts writes and can be made to fail.</summary>
internal sealed class TestStorage : IGrainStorage
{
    private readonly ConcurrentDictionary<(string, GrainId), StoredState> _states = new();
    private readonly ConcurrentDictionary<(string, GrainId), int> _etags = new();
    private readonly ConcurrentQueue<GrainId> _writes = [];
    private readonly ConcurrentQueue<(GrainId Grain, WeakReference<byte[]> Document)> _trackedDocuments = [];
    private readonly Lock _gate = new();

    /// <summary>Is called before a read; may throw.</summary>
    public Action<GrainId> BeforeRead { get; set; } = static _ => { };

    /// <summary>Is awaited before a write; may throw.</summary>
    public Func<GrainId, Task> BeforeWrite { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Is called after a successful write; may throw.</summary>
    public Action<GrainId> AfterWrite { get; set; } = static _ => { };

    /// <summary>Counts the documents that grains of a type have written or read and that are still in memory.</summary>
    public int CountDocumentsInMemory(string type)
    {
        GC.Collect();
        return _trackedDocuments.Count(handed => IsOfType(handed.Grain, type) && handed.Document.TryGetTarget(out _));
    }

    /// <summary>Counts the writes of states of a type.</summary>
    public int CountWrites(string type) => _writes.Count(grain => IsOfType(grain, type));

    /// <summary>Gets the grains of a type that have a state.</summary>
    public GrainId[] GrainsOf(string type) => [.. _states.Keys.Select(key => key.Item2).Where(grain => IsOfType(grain, type))];

    /// <summary>Gets the grains whose stored document contains a text.</summary>
    public GrainId[] FindGrains(string text) =>
        [.. _states.Where(state => state.Value.Document is { } document && Encoding.UTF8.GetString(document).Contains(text, StringComparison.Ordinal)).Select(static state => state.Key.Item2)];

    /// <summary>The state of a grain.</summary>
    public StoredState this[string name, GrainId grain]
    {
        get => _states[(name, grain)];

        // The etag changes, as with a write of another activation.
        set
        {
            lock (_gate)
            {
                _states[(name, grain)] = value;
                _etags.AddOrUpdate((name, grain), 1, static (_, etag) => etag + 1);
            }
        }
    }

    public static bool IsOfType(GrainId grain, string type) => grain.Type.ToString() == $"incoming-calls.{type}";

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        BeforeRead(grainId);
        lock (_gate)
        {
            var isThere = _states.TryGetValue((stateName, grainId), out var stored);
            var read = isThere ? Copy(stored!) : new();
            TrackDocument(grainId, read);
            grainState.State = (T)(object)read;
            grainState.RecordExists = isThere;
            grainState.ETag = isThere ? FormatEtag((stateName, grainId)) : null;
        }

        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await Task.Yield();
        await BeforeWrite(grainId);
        lock (_gate)
        {
            ThrowIfEtagDiffers((stateName, grainId), grainState);
            var written = (StoredState)(object)grainState.State!;
            TrackDocument(grainId, written);
            this[stateName, grainId] = Copy(written);
            grainState.RecordExists = true;
            grainState.ETag = FormatEtag((stateName, grainId));
        }

        _writes.Enqueue(grainId);
        AfterWrite(grainId);
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        lock (_gate)
        {
            ThrowIfEtagDiffers((stateName, grainId), grainState);
            _states.TryRemove((stateName, grainId), out _);
            grainState.State = (T)(object)new StoredState();
            grainState.RecordExists = false;
            grainState.ETag = null;
        }

        return Task.CompletedTask;
    }

    private static StoredState Copy(StoredState state) => new() { Version = state.Version, Document = [.. state.Document!] };

    private void TrackDocument(GrainId grain, StoredState state)
    {
        if (state.Document is { } document)
        {
            _trackedDocuments.Enqueue((grain, new(document)));
        }
    }

    private string FormatEtag((string, GrainId) key) => _etags[key].ToString(CultureInfo.InvariantCulture);

    private void ThrowIfEtagDiffers<T>((string, GrainId) key, IGrainState<T> state)
    {
        var stored = _states.ContainsKey(key) ? FormatEtag(key) : null;
        if (stored != state.ETag)
        {
            throw new InconsistentStateException("Another one wrote.", stored, state.ETag);
        }
    }
}
