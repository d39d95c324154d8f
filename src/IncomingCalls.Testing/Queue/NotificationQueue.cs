namespace IncomingCalls.Testing.Queue;

/// <summary>
/// The queue of one instance. Documented: first in, first out, kept for 24 hours. Documented for Telegram and assumed for all:
/// the head is handed out again and again until it is acknowledged.
/// </summary>
internal sealed class NotificationQueue(TimeProvider time, TimeSpan retention, long firstReceiptId)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<SimulatedNotification> _waiting = [];
    private readonly List<SimulatedNotification> _history = [];
    private List<SimulatedNotification>? _held;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _nextReceiptId = firstReceiptId;
    // Nothing that waits or is held back is older: spares looking through all of it.
    private DateTimeOffset _oldestAt = DateTimeOffset.MaxValue;

    public IReadOnlyList<SimulatedNotification> History
    {
        get
        {
            lock (_gate)
            {
                return [.. _history];
            }
        }
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                RemoveExpired();
                return _waiting.Count;
            }
        }
    }

    /// <summary>Completes with the next change.</summary>
    public Task Changed
    {
        get
        {
            lock (_gate)
            {
                return _changed.Task;
            }
        }
    }

    /// <summary>Whether nothing waits, and nothing is held back.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_gate)
            {
                RemoveExpired();
                return _waiting.Count == 0 && _held is null or { Count: 0 };
            }
        }
    }

    /// <summary>What waits or is held back, for messages to people.</summary>
    public IReadOnlyList<SimulatedNotification> Unacknowledged
    {
        get
        {
            lock (_gate)
            {
                RemoveExpired();
                return [.. _waiting, .. _held ?? []];
            }
        }
    }

    public SimulatedNotification Enqueue(ReadOnlyMemory<byte> body)
    {
        lock (_gate)
        {
            var notification = new SimulatedNotification(body, time.GetUtcNow());
            _history.Add(notification);
            _oldestAt = notification.EnqueuedAt < _oldestAt ? notification.EnqueuedAt : _oldestAt;
            if (_held is not null)
            {
                _held.Add(notification);
            }
            else
            {
                _waiting.AddLast(notification);
            }

            CompleteChanged();
            return notification;
        }
    }

    /// <summary>From here on, what is enqueued is kept back.</summary>
    public void Hold()
    {
        lock (_gate)
        {
            _held ??= [];
        }
    }

    /// <summary>Lets out what was kept back, in another order if asked.</summary>
    public void Release(Func<IReadOnlyList<SimulatedNotification>, IEnumerable<SimulatedNotification>> order)
    {
        lock (_gate)
        {
            RemoveExpired();
            foreach (var notification in order(_held ?? []).ToArray())
            {
                _waiting.AddLast(notification);
            }

            _held = null;
            CompleteChanged();
        }
    }

    /// <summary>The head and a task that completes with the next change; the head is null when the queue is empty.</summary>
    public (SimulatedNotification? Head, Task Changed) PeekHead()
    {
        lock (_gate)
        {
            RemoveExpired();
            return (_waiting.First?.Value, _changed.Task);
        }
    }

    /// <summary>The receipt id of a notification, which it gets when it is first handed out to a poll.</summary>
    public long AssignReceiptId(SimulatedNotification notification)
    {
        lock (_gate)
        {
            return notification.ReceiptId is 0 ? notification.ReceiptId = _nextReceiptId++ : notification.ReceiptId;
        }
    }

    /// <summary>Takes the head out; false when the receipt id is not that of the head, or was never handed out.</summary>
    public bool Acknowledge(long receiptId)
    {
        lock (_gate)
        {
            RemoveExpired();
            return receiptId != 0 && _waiting.First is { } head && head.Value.ReceiptId == receiptId && Acknowledge(head);
        }
    }

    /// <summary>Takes the head out; false when it is another one by now.</summary>
    public bool Acknowledge(SimulatedNotification notification)
    {
        lock (_gate)
        {
            return _waiting.First is { } head && head.Value == notification && Acknowledge(head);
        }
    }

    /// <summary>Drops what waits or is held back.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            foreach (var notification in _waiting.Concat(_held ?? []))
            {
                notification.IsCleared = true;
            }

            _waiting.Clear();
            _held?.Clear();
            CompleteChanged();
        }
    }

    /// <summary>Wakes whoever waits, because something else than the queue has changed.</summary>
    public void NotifyChanged()
    {
        lock (_gate)
        {
            CompleteChanged();
        }
    }

    private bool Acknowledge(LinkedListNode<SimulatedNotification> head)
    {
        head.Value.AcknowledgedAt = time.GetUtcNow();
        _waiting.Remove(head);
        CompleteChanged();
        return true;
    }

    /// <summary>Drops what is too old, wherever it stands: a release may have put older behind younger.</summary>
    private void RemoveExpired()
    {
        var now = time.GetUtcNow();
        if (now - _oldestAt <= retention)
        {
            return;
        }

        SimulatedNotification[] old = [.. _waiting.Concat(_held ?? []).Where(notification => now - notification.EnqueuedAt > retention)];
        foreach (var notification in old)
        {
            notification.IsExpired = true;
            _waiting.Remove(notification);
            _held?.Remove(notification);
        }

        _oldestAt = _waiting.Concat(_held ?? []).Select(notification => notification.EnqueuedAt).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
        if (old.Length > 0)
        {
            CompleteChanged();
        }
    }

    private void CompleteChanged()
    {
        var changed = _changed;
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.SetResult();
    }
}
