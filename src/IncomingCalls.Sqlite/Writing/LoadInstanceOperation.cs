namespace IncomingCalls;

/// <summary>Fetches calls of an instance that have something to do. In line with the writes, so that no mark can overtake it.</summary>
internal sealed class LoadInstanceOperation(long idInstance, TimeProvider time) : WriteOperation
{
    private readonly List<LoadedCall> _calls = [];
    private bool _hasMore;

    public override void Apply(InboxTransaction transaction)
    {
        _calls.Clear();
        var limit = transaction.ActiveCalls.RowsToLoad(idInstance);
        var keys = transaction.Calls.DueRows(idInstance, time.GetUtcNow(), limit);
        _hasMore = keys.Count == limit;
        _calls.AddRange(keys.Where(key => transaction.ActiveCalls.Find(key) is null).Select(transaction.Load));
    }

    public override void OnCommitted(ActiveCalls hand) => hand.Loaded(idInstance, _calls, _hasMore);

    // The next look at the file asks again.
    public override void OnRolledBack(ActiveCalls hand, Exception reason) => hand.Loaded(idInstance, [], hasMore: true);
}
