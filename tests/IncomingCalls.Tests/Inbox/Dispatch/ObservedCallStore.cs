using IncomingCalls.Inbox;
using IncomingCalls.Inbox.InMemory;

namespace IncomingCalls.Tests.Inbox.Dispatch;

/// <summary>The calls in memory, with a record of what the engine writes and loads, and with faults that a test switches on.</summary>
internal sealed class ObservedCallStore(InMemoryCallStore inner) : ICallStore
{
    private readonly Lock _gate = new();
    private readonly List<CallLoad> _loads = [];
    private readonly SemaphoreSlim _rolledBack = new(0);
    private int _writes;
    private int _rollbacks;

    /// <summary>Whether changes are rolled back.</summary>
    public bool FailsChanges { get; set; }

    /// <summary>Whether queries and loads fail.</summary>
    public bool FailsReads { get; set; }

    /// <summary>The number of committed changes that have changed a call.</summary>
    public int Writes => Volatile.Read(ref _writes);

    /// <summary>The number of changes that were rolled back.</summary>
    public int Rollbacks => Volatile.Read(ref _rollbacks);

    /// <summary>The loads so far.</summary>
    public IReadOnlyList<CallLoad> Loads
    {
        get
        {
            lock (_gate)
            {
                return [.. _loads];
            }
        }
    }

    public bool Post(CallChange change) => inner.Post(new ObservedChange(this, change));

    public bool Post(DueQuery query) => FailsReads ? inner.Post(new FailedRead(query.OnFailed)) : inner.Post(query);

    public bool Post(CallLoad load)
    {
        lock (_gate)
        {
            _loads.Add(load);
        }

        return FailsReads ? inner.Post(new FailedRead(load.OnFailed)) : inner.Post(load);
    }

    public void Close() => inner.Close();

    /// <summary>Waits until one more change was rolled back, and the engine knows.</summary>
    public async Task WaitForRollbackAsync() => (await _rolledBack.WaitAsync(TimeSpan.FromSeconds(10))).Should().BeTrue("a change should be rolled back");

    private sealed class ObservedChange(ObservedCallStore store, CallChange change) : CallChange(change.Key)
    {
        public override StateTransition Apply(CallState? before, ErasureList? erasures) => store.FailsChanges ? throw new IOException("The disk is full.") : change.Apply(before, erasures);

        public override void OnCommitted(StateTransition transition)
        {
            if (transition.IsChange)
            {
                Interlocked.Increment(ref store._writes);
            }

            change.OnCommitted(transition);
        }

        public override void OnRolledBack(Exception reason)
        {
            Interlocked.Increment(ref store._rollbacks);
            change.OnRolledBack(reason);
            store._rolledBack.Release();
        }
    }

    /// <summary>Reports a failed read in the callbacks of the store.</summary>
    private sealed class FailedRead(Action onFailed) : CallChange(new(0, ""))
    {
        public override StateTransition Apply(CallState? before, ErasureList? erasures) => StateTransition.CreateUnchanged(before!);

        public override void OnCommitted(StateTransition transition) => onFailed();

        public override void OnRolledBack(Exception reason)
        {
        }
    }
}
