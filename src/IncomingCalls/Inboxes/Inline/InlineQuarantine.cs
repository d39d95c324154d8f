using IncomingCalls.Inboxes;

namespace IncomingCalls;

/// <summary>The last notifications that could not be read, in memory: at most 100 of them and 16 MiB. The log line is what survives.</summary>
internal sealed class InlineQuarantine(InboxServices services)
{
    private const int MaxItems = 100;
    private const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>Of a longer one the beginning is kept.</summary>
    private const int MaxItemBytes = 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Queue<QuarantinedNotification> _items = new();
    private int _bytes;

    public IReadOnlyList<QuarantinedNotification> Items
    {
        get
        {
            lock (_gate)
            {
                return [.. _items];
            }
        }
    }

    public void Add(QuarantinedNotification item)
    {
        services.Tell(item);
        var bytes = item.Utf8Json.Span;
        lock (_gate)
        {
            _items.Enqueue(new()
            {
                Reason = item.Reason,
                Explanation = item.Explanation,
                Utf8Json = bytes[..Math.Min(bytes.Length, MaxItemBytes)].ToArray(),
                ReceivedAt = item.ReceivedAt,
                IdInstance = item.IdInstance,
            });
            _bytes += Math.Min(bytes.Length, MaxItemBytes);
            while (_items.Count > MaxItems || _bytes > MaxBytes)
            {
                _bytes -= _items.Dequeue().Utf8Json.Length;
            }
        }
    }
}
