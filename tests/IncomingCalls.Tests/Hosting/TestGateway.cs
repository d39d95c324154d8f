using System.Globalization;

namespace IncomingCalls.Tests.Hosting;

/// <summary>
/// Sends the notifications of one instance as the gateway does: one at a time, the next one only after the answer to the one before, and a
/// notification that was not acknowledged again.
/// </summary>
internal sealed class TestGateway(TestHost host)
{
    private readonly Queue<IncomingCallNotification> _queue = new();

    /// <summary>The answers so far, such as <c>A/offer Stored</c> or <c>A/offer 503</c>.</summary>
    public List<string> Answers { get; } = [];

    public bool IsEmpty => _queue.Count == 0;

    public TestGateway Enqueue(params IEnumerable<IncomingCallNotification> notifications)
    {
        foreach (var notification in notifications)
        {
            _queue.Enqueue(notification);
        }

        return this;
    }

    /// <summary>Sends the head of the queue, and removes it when it is acknowledged.</summary>
    /// <returns>The name of the outcome; 503 when the notification was not acknowledged.</returns>
    public async Task<string> SendAsync()
    {
        var head = _queue.Peek();
        string answer;
        try
        {
            answer = (await host.Intake.AcceptAsync(head).AsTask().WaitAsync(TimeSpan.FromSeconds(10))).Outcome.ToString();
            _queue.Dequeue();
        }
        catch (CallInboxUnavailableException)
        {
            answer = 503.ToString(CultureInfo.InvariantCulture);
        }

        Answers.Add($"{head.IdMessage}/{head.RawStatus} {answer}");
        return answer;
    }

    /// <summary>Sends everything in the queue, for a host that acknowledges everything.</summary>
    public async Task DrainAsync()
    {
        while (!IsEmpty)
        {
            await SendAsync();
        }
    }
}
