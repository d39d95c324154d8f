using System.Collections.Immutable;

namespace IncomingCalls;

/// <summary>Calls that are entered into a bucket together. Whoever adds to it sees to it that nobody else does.</summary>
internal sealed class WakeUpEntryBatch
{
    private readonly ImmutableArray<WakeUpEntryUpdate>.Builder _entries = ImmutableArray.CreateBuilder<WakeUpEntryUpdate>();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsEmpty => _entries.Count == 0;

    public ImmutableArray<WakeUpEntryUpdate> Entries => _entries.ToImmutable();

    /// <summary>Adds a call.</summary>
    /// <returns>When the group is in the storage.</returns>
    public Task Add(WakeUpEntryUpdate entry)
    {
        _entries.Add(entry);
        return _completion.Task;
    }

    public void Complete() => _completion.SetResult();

    public void Fail(Exception e) => _completion.SetException(e);
}
