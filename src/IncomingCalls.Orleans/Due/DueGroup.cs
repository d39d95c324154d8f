using System.Collections.Immutable;

namespace IncomingCalls;

/// <summary>Calls that are entered into a bucket together. Whoever adds to it sees to it that nobody else does.</summary>
internal sealed class DueGroup
{
    private readonly ImmutableArray<DueReport>.Builder _entries = ImmutableArray.CreateBuilder<DueReport>();
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public bool IsEmpty => _entries.Count == 0;

    public ImmutableArray<DueReport> Entries => _entries.ToImmutable();

    /// <summary>Adds a call.</summary>
    /// <returns>When the group is in the storage.</returns>
    public Task Add(DueReport entry)
    {
        _entries.Add(entry);
        return _done.Task;
    }

    public void Done() => _done.SetResult();

    public void Failed(Exception e) => _done.SetException(e);
}
