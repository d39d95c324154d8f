using IncomingCalls.Calls;

namespace IncomingCalls.Inbox.Dispatch;

/// <summary>
/// The calls that wait for a caller's name, by caller: a bounded index in memory. A call that is not in it starts at its stored due time.
/// Thread-safe.
/// </summary>
internal sealed class CallerNameWaits
{
    /// <summary>As many calls as lookups can be pending.</summary>
    private const int MaxCalls = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<(long, ChatId), HashSet<CallKey>> _calls = [];
    private int _count;

    /// <summary>Adds a call; returns false when the index is full, or the call has no caller.</summary>
    public bool TryAdd(CallHistory history)
    {
        if (CallProjection.Project(history).Caller.ChatId is not { } caller)
        {
            return false;
        }

        lock (_gate)
        {
            if (_count >= MaxCalls)
            {
                return false;
            }

            var key = (history.Key.IdInstance, caller);
            if (!_calls.TryGetValue(key, out var calls))
            {
                _calls[key] = calls = [];
            }

            _count += calls.Add(history.Key) ? 1 : 0;
            return true;
        }
    }

    /// <summary>Removes the calls of a caller and returns them.</summary>
    public IReadOnlyList<CallKey> Take(long idInstance, ChatId caller)
    {
        lock (_gate)
        {
            if (!_calls.Remove((idInstance, caller), out var calls))
            {
                return [];
            }

            _count -= calls.Count;
            return [.. calls];
        }
    }
}
