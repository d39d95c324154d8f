using IncomingCalls.Inbox;
using IncomingCalls.Sqlite.Storage;

namespace IncomingCalls.Sqlite.Engine;

/// <summary>
/// The unfinished calls that transactions have used recently, so that settling a delivery does not read the call from the file again. Only the
/// writer changes calls, so its copies are current. Used on the writer's thread only.
/// </summary>
internal sealed class RecentCalls
{
    /// <summary>A call with its event takes about 4 KiB, so this is 32 MiB at most, which the engine shares while the calls are active.</summary>
    private const int MaxCalls = 8_192;

    private readonly Dictionary<CallKey, RecentCall> _calls = [];

    public LoadedCall? Find(CallKey key) => _calls.TryGetValue(key, out var call) ? new(key, call.RowId, call.State) { PersonId = call.PersonId } : null;

    /// <summary>Removes all calls, because the file may contain other states: it was opened again, after a commit whose result is not known.</summary>
    public void Clear() => _calls.Clear();

    /// <summary>Records the calls of a committed transaction.</summary>
    public void Update(IEnumerable<LoadedCall> loaded)
    {
        foreach (var call in loaded)
        {
            // Facts with members of a later version are in the file only.
            if (call.State is not { IsFinished: false } state || call.LaterFacts is not null)
            {
                _calls.Remove(call.Key);
                continue;
            }

            if (_calls.Count >= MaxCalls)
            {
                // A call that is needed again is read again. Which calls those are is not known: most that wait have an outcome timeout.
                _calls.Clear();
            }

            _calls[call.Key] = new(call.RowId, state, call.PersonId);
        }
    }

    private readonly record struct RecentCall(long RowId, CallState State, long? PersonId);
}
