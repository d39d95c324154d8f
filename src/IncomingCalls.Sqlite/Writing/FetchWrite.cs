namespace IncomingCalls;

/// <summary>Fetches calls of an instance that have something to do. In line with the writes, so that no mark can overtake it.</summary>
internal sealed class FetchWrite(long idInstance, TimeProvider time) : InboxWrite
{
    private readonly List<LoadedCall> _calls = [];
    private bool _hasMore;

    public override void Apply(InboxTransaction transaction)
    {
        _calls.Clear();
        var limit = transaction.Hand.RowsToFetch(idInstance);
        var keys = transaction.Calls.Due(idInstance, time.GetUtcNow(), limit);
        _hasMore = keys.Count == limit;
        _calls.AddRange(keys.Where(key => transaction.Hand.Find(key) is null).Select(transaction.Load));
    }

    public override void Kept(CallsInHand hand) => hand.Fetched(idInstance, _calls, _hasMore);

    // The next look at the file asks again.
    public override void Failed(CallsInHand hand, Exception reason) => hand.Fetched(idInstance, [], hasMore: true);
}
