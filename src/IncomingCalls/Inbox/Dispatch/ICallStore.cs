using System.Diagnostics.CodeAnalysis;

namespace IncomingCalls.Inbox;

/// <summary>
/// The store of an inbox of one process. It applies requests in the order in which they are posted, in batches of one or more, and reports to the
/// <see cref="DueWorkLoop"/>.
/// </summary>
/// <remarks>
/// <para>
/// The order of the reports is what prevents a handler from running twice. A store reports results in the order of its commits, one batch at a
/// time, on one thread at a time, loads included: first the callbacks of the requests of the batch (<see cref="CallChange.OnCommitted"/>,
/// <see cref="CallLoad.OnLoaded"/>, <see cref="DueQuery.OnFound"/>) in the order of the requests, and then the calls that the batch has changed
/// (<see cref="DueWorkLoop.OnCommitted"/>). A load never returns a state that is older than a change that was reported before it.
/// </para>
/// <para>The methods are thread-safe, and may be called from the callbacks. A callback must not be called from within one of the methods while another callback is running.</para>
/// </remarks>
[Experimental("ICEXP001")]
public interface ICallStore
{
    /// <summary>Posts a change of a call.</summary>
    /// <param name="change">The change.</param>
    /// <returns>false when the store is closed and the change is dropped; otherwise, true.</returns>
    bool Post(CallChange change);

    /// <summary>Posts a query for the groups of lanes that have due work. A store also starts the requests of operators, such as replays, at this point.</summary>
    /// <param name="query">The query.</param>
    /// <returns>false when the store is closed and the query is dropped; otherwise, true.</returns>
    bool Post(DueQuery query);

    /// <summary>Posts a load of calls.</summary>
    /// <param name="load">The load.</param>
    /// <returns>false when the store is closed and the load is dropped; otherwise, true.</returns>
    bool Post(CallLoad load);
}

/// <summary>A change of one call, which a store applies to the current state and commits.</summary>
[Experimental("ICEXP001")]
public abstract class CallChange
{
    /// <summary>Initializes the change.</summary>
    /// <param name="key">The key of the call.</param>
    protected CallChange(CallKey key) => Key = key;

    /// <summary>The key of the call.</summary>
    public CallKey Key { get; }

    /// <summary>Computes the change. It may run again after a rollback, so it has no effects.</summary>
    /// <param name="before">The current state; null for an unknown call.</param>
    /// <param name="erasures">The erasures that the store has stored; null for a store without them.</param>
    /// <returns>The transition to commit. When it is not a change, there is nothing to write.</returns>
    public abstract StateTransition Apply(CallState? before, ErasureList? erasures);

    /// <summary>Called when the transition is committed, or when there was nothing to write.</summary>
    /// <param name="transition">The result of the last <see cref="Apply"/>.</param>
    public abstract void OnCommitted(StateTransition transition);

    /// <summary>Called when the change was rolled back.</summary>
    /// <param name="reason">The failure of the store.</param>
    public abstract void OnRolledBack(Exception reason);
}

/// <summary>A query for the groups of lanes that have due work.</summary>
[Experimental("ICEXP001")]
public sealed class DueQuery
{
    private readonly Action<IReadOnlyList<LaneGroup>, IReadOnlyList<DestinationPause>?> _onFound;
    private readonly Action _onFailed;

    internal DueQuery(Action<IReadOnlyList<LaneGroup>, IReadOnlyList<DestinationPause>?> onFound, Action onFailed) => (_onFound, _onFailed) = (onFound, onFailed);

    /// <summary>Reports the result.</summary>
    /// <param name="groups">The groups with at least one lane whose due time has passed.</param>
    /// <param name="pauses">The stored pauses of destinations, which an operator may have ended; null when the store has none of its own.</param>
    public void OnFound(IReadOnlyList<LaneGroup> groups, IReadOnlyList<DestinationPause>? pauses) => _onFound(groups, pauses);

    /// <summary>Reports that the store could not be read.</summary>
    public void OnFailed() => _onFailed();
}

/// <summary>A load of calls: of those with a due lane in a group, or of given ones.</summary>
[Experimental("ICEXP001")]
public sealed class CallLoad
{
    private readonly Action<IReadOnlyList<CallState>, bool> _onLoaded;

    internal CallLoad(LaneGroup group, int limit, Action<IReadOnlyList<CallState>, bool> onLoaded) => (Group, Limit, _onLoaded) = (group, limit, onLoaded);

    internal CallLoad(IReadOnlyList<CallKey> keys, Action<IReadOnlyList<CallState>, bool> onLoaded) => (Keys, Limit, _onLoaded) = (keys, keys.Count, onLoaded);

    /// <summary>The group whose due calls are loaded, those that have been due for the longest time first; null to load <see cref="Keys"/>.</summary>
    public LaneGroup? Group { get; }

    /// <summary>The calls to load when there is no group. Calls that are not stored are omitted from the result.</summary>
    public IReadOnlyList<CallKey> Keys { get; } = [];

    /// <summary>The maximum number of calls.</summary>
    public int Limit { get; }

    /// <summary>Reports the result.</summary>
    /// <param name="calls">The states of the calls.</param>
    /// <param name="hasMore">Whether the group may have more due calls than <see cref="Limit"/>.</param>
    public void OnLoaded(IReadOnlyList<CallState> calls, bool hasMore) => _onLoaded(calls, hasMore);

    /// <summary>Reports that the store could not be read. The calls of a group are loaded later; the others start at their stored due time.</summary>
    public void OnFailed() => _onLoaded([], true);
}
