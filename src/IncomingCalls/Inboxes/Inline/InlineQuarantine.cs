using System.Security.Cryptography;
using IncomingCalls.Inboxes;
using Microsoft.Extensions.Logging;

namespace IncomingCalls;

/// <summary>The last hundred notifications that could not be read, in memory. The log line is what survives.</summary>
internal sealed class InlineQuarantine(CallMetrics metrics, ILogger<InlineQuarantine> logger)
{
    private const int Capacity = 100;

    private readonly Lock _gate = new();
    private readonly Queue<QuarantinedNotification> _items = new();

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
        logger.Quarantined(item.Reason.ToString(), item.Explanation, item.Utf8Json.Length, Convert.ToHexString(SHA256.HashData(item.Utf8Json.Span)));
        metrics.Quarantined(item.Reason.ToString());
        lock (_gate)
        {
            _items.Enqueue(new()
            {
                Reason = item.Reason,
                Explanation = item.Explanation,
                Utf8Json = item.Utf8Json.ToArray(),
                ReceivedAt = item.ReceivedAt,
                IdInstance = item.IdInstance,
            });
            if (_items.Count > Capacity)
            {
                _items.Dequeue();
            }
        }
    }
}
