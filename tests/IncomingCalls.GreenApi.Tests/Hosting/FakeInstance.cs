using Microsoft.AspNetCore.Http;

namespace IncomingCalls.GreenApi.Tests.Hosting;

/// <summary>One instance at the gateway: its queue, its requests, and answers to order.</summary>
internal sealed class FakeInstance(long idInstance, string token, TestSignal pulse)
{
    private readonly Lock _lock = new();
    private readonly List<(long ReceiptId, string Body)> _queue = [];
    private readonly List<string> _requests = [];
    private long _lastReceiptId = 5_000_000_000;

    public long IdInstance { get; } = idInstance;

    public string Token { get; set; } = token;

    /// <summary>Answers a request in place of the gateway; false leaves it to the gateway.</summary>
    public Func<string, HttpContext, Task<bool>>? Responder { get; set; }

    /// <summary>Long polls that wait at this moment.</summary>
    public int WaitingPolls;

    public int QueueLength
    {
        get
        {
            lock (_lock)
            {
                return _queue.Count;
            }
        }
    }

    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_lock)
            {
                return [.. _requests];
            }
        }
    }

    public int Count(string method) => Requests.Count(request => request == method);

    public void RecordRequest(string method)
    {
        lock (_lock)
        {
            _requests.Add(method);
        }

        pulse.Notify();
    }

    public long Enqueue(string body)
    {
        long receiptId;
        lock (_lock)
        {
            receiptId = ++_lastReceiptId;
            _queue.Add((receiptId, body));
        }

        pulse.Notify();
        return receiptId;
    }

    public string? PeekNotification()
    {
        lock (_lock)
        {
            return _queue.Count == 0 ? null : $$"""{"receiptId":{{_queue[0].ReceiptId}},"body":{{_queue[0].Body}}}""";
        }
    }

    public bool Delete(long receiptId)
    {
        bool deleted;
        lock (_lock)
        {
            deleted = _queue.RemoveAll(item => item.ReceiptId == receiptId) > 0;
        }

        pulse.Notify();
        return deleted;
    }
}
