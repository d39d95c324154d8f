namespace IncomingCalls.Testing.Queue;

/// <summary>
/// The queue of one instance. Documented: first in, first out, stored for 24 hours. Documented for Telegram and assumed for all
/// messengers: the head is delivered repeatedly until it is acknowledged.
/// </summary>
internal sealed class NotificationQueue(TimeProvider time, TimeSpan retention, long firstReceiptId)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<SimulatedNotification> _waiting = [];
    private readonly List<SimulatedNotification> _history = [];
    private List<SimulatedNotification>? _held;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _nextReceiptId = firstReceiptId;
    // A lower bound of the age of all waiting and held notifications, which avoids scanning them on each access.
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

    /// <summary>Gets a task that completes with the next change.</summary>
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

    /// <summary>Gets whether the queue has neither waiting nor held notifications.</summary>
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

    /// <summary>Gets the waiting and the held notifications, for error messages.</summary>
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

    /// <summary>Holds back all notifications that are enqueued from now on.</summary>
    public void Hold()
    {
        lock (_gate)
        {
            _held ??= [];
        }
    }

    /// <summary>Enqueues the held notifications in the order that <paramref name="order"/> returns.</summary>
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

    /// <summary>Gets the head and a task that completes with the next change; the head is null when the queue is empty.</summary>
    public (SimulatedNotification? Head, Task Changed) PeekHead()
    {
        lock (_gate)
        {
            RemoveExpired();
            return (_waiting.First?.Value, _changed.Task);
        }
    }

    /// <summary>Gets the receipt id of a notification, and assigns one at its first delivery to a poll.</summary>
    public long AssignReceiptId(SimulatedNotification notification)
    {
        lock (_gate)
        {
            return notification.ReceiptId is 0 ? notification.ReceiptId = _nextReceiptId++ : notification.ReceiptId;
        }
    }

    /// <summary>Removes the head; false when the receipt id is not that of the head, or was never delivered.</summary>
    public bool Acknowledge(long receiptId)
    {
        lock (_gate)
        {
            RemoveExpired();
            return receiptId != 0 && _waiting.First is { } head && head.Value.ReceiptId == receiptId && Acknowledge(head);
        }
    }

    /// <summary>Removes the head; false when the notification is no longer the head.</summary>
    public bool Acknowledge(SimulatedNotification notification)
    {
        lock (_gate)
        {
            return _waiting.First is { } head && head.Value == notification && Acknowledge(head);
        }
    }

    /// <summary>Drops the waiting and the held notifications.</summary>
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

    /// <summary>Completes <see cref="Changed"/> for a change outside the queue, such as a new state or webhook URL.</summary>
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

    /// <summary>Drops expired notifications at any position: <see cref="Release"/> may have placed older ones behind newer ones.</summary>
    private void RemoveExpired()
    {
        var now = time.GetUtcNow();
        if (now - _oldestAt <= retention)
        {
            return;
        }

        SimulatedNotification[] expired = [.. _waiting.Concat(_held ?? []).Where(notification => now - notification.EnqueuedAt > retention)];
        foreach (var notification in expired)
        {
            notification.IsExpired = true;
            _waiting.Remove(notification);
            _held?.Remove(notification);
        }

        _oldestAt = _waiting.Concat(_held ?? []).Select(notification => notification.EnqueuedAt).DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
        if (expired.Length > 0)
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
