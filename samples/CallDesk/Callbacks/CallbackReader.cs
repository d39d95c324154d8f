using CallDesk.Store;
using IncomingCalls;
using Microsoft.EntityFrameworkCore;

namespace CallDesk.Callbacks;

/// <summary>Reads the open callbacks from the inbox, and the names of the callers from the database of the desk.</summary>
internal sealed class CallbackReader(ICallbacks callbacks, DeskDb db)
{
    /// <summary>More than operators can work off. Those that have been open for the longest time come first.</summary>
    private const int PageSize = 1000;

    public async Task<IReadOnlyList<DeskCallback>> ReadAsync(CancellationToken cancellationToken)
    {
        var open = await callbacks.ListAsync(limit: PageSize, cancellationToken: cancellationToken);
        var ids = open.SelectMany(callback => callback.Calls).Select(call => call.ToString()).ToArray();
        var names = await db.Calls
            // One parameter: a list of this length would be more parameters than a statement may have.
            .Where(call => EF.Parameter(ids).Contains(call.Id) && call.CallerName != null)
            .ToDictionaryAsync(call => call.Id, call => call.CallerName, cancellationToken);
        return [.. open.Select(callback => DeskCallback.From(callback, callback.Calls.Reverse().Select(call => names.GetValueOrDefault($"{call}")).FirstOrDefault(name => name is not null)))];
    }
}
