namespace IncomingCalls.Sqlite.Engine;

/// <summary>
/// The writes that wait for the writer. A lock and a list: the writer takes everything at once, so that a write costs no more than
/// an addition.
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

    /// <summary>Puts a write in line; false when the line is closed.</summary>
    public bool Add(WriteOperation write)
    {
        lock (_gate)
        {
            if (_isClosed)
            {
                return false;
            }

            _waiting.Add(write);
            if (_waiting.Count == 1)
            {
                Monitor.Pulse(_gate);
            }

            return true;
        }
    }

    /// <summary>Nothing more comes; what is in line is still taken.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Takes everything there is, waiting until there is something. Empty when the line is closed and empty.</summary>
    /// <param name="emptied">A list to be filled next.</param>
    public List<WriteOperation> TakeAll(List<WriteOperation> emptied)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0 && !_isClosed)
            {
                Monitor.Wait(_gate);
            }

            var taken = _waiting;
            _waiting = emptied;
            return taken;
        }
    }
}
