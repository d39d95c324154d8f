namespace IncomingCalls.Sqlite.Engine;

/// <summary>
/// The queue of operations for the writer. A lock and a list suffice: the writer takes all operations at once, so that posting one costs
/// no more than adding it to a list.
/// </summary>
internal sealed class WriteQueue
{
    private readonly object _gate = new();
    private List<WriteOperation> _waiting = [];
    private bool _isClosed;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Adds an operation; returns false when the queue is closed.</summary>
    public bool Add(WriteOperation operation)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            _waiting.Add(operation);
            if (_waiting.Count == 1)
            {
                Monitor.Pulse(_gate);
            }

            return true;
        }
    }

    /// <summary>Closes the queue: no operation can be added, and the queued ones are still taken.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Takes all queued operations, after waiting until there are any. Returns an empty list when the queue is closed and empty.</summary>
    /// <param name="emptyList">An empty list, which receives the next operations.</param>
    public List<WriteOperation> TakeAll(List<WriteOperation> emptyList)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_isClosed)
            {
                Monitor.Wait(_gate);
            }

            var taken = _waiting;
            _waiting = emptyList;
            return taken;
        }
    }
}
