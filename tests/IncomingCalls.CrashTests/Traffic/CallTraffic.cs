using IncomingCalls.Testing;

namespace IncomingCalls.CrashTests;

/// <summary>Sends calls of every kind on all instances, some with statuses out of order, mixed with duplicates, messages and unreadable notifications.</summary>
internal sealed class CallTraffic(Gateway gateway, Random random)
{
    /// <summary>The maximum of active calls; with more, calls would wait for each other rather than for the host.</summary>
    private const int MaxActive = 12;

    private static readonly string?[][] Scripts =
    [
        ["offer", "pickUp"],
        ["offer", "declined"],
        ["offer", "hungUp"],
        ["offer", "hangUp", "hungUp"],
        ["offer", "missed", "declined"],
        ["offer", "pickUp", "declined", "offer"],
        ["offer", "transferred", "pickUp", "on-hold"],
        ["offer", "missed", "hungUp", "pickUp"],
        ["offer"],
        ["pickUp"],
        ["pickUp", "offer", "hungUp"],
        ["declined", "offer", "pickUp"],
        [null],
        [null, "offer", "missed"],
        ["transferred"],
    ];

    private readonly List<(SimulatedCall Call, Queue<string?> Steps)> _active = [];
    private int _unreadableCount;

    /// <summary>Sends notifications, unless many are waiting already.</summary>
    /// <param name="count">The number of notifications.</param>
    public void Send(int count)
    {
        const int maxWaiting = 40;
        for (var i = 0; i < count && gateway.WaitingCount < maxWaiting; i++)
        {
            switch (random.Next(100))
            {
                case < 5:
                    PickInstance().SendMessage("70000000101@c.us", "hello");
                    break;
                case < 8:
                    // JSON, so that a poll returns the same bytes as a post.
                    PickInstance().Enqueue($$"""{"unreadable":{{++_unreadableCount}}}""");
                    break;
                default:
                    SendStep();
                    break;
            }
        }
    }

    /// <summary>Sends the remaining notifications of all active calls.</summary>
    public void Finish()
    {
        while (_active.Count > 0)
        {
            SendStep(_active[^1]);
        }
    }

    /// <summary>Sends again notifications that were handled before.</summary>
    /// <param name="count">The number of notifications for each instance.</param>
    public void SendDuplicates(int count)
    {
        foreach (var instance in gateway.Instances)
        {
            var calls = instance.History.Where(notification => notification.TypeWebhook == "incomingCall").ToArray();
            random.Shuffle(calls);
            foreach (var notification in calls.Take(count))
            {
                instance.Enqueue(notification.Body);
            }
        }
    }

    private SimulatedInstance PickInstance() => gateway.Instances[random.Next(gateway.Instances.Count)];

    private void SendStep()
    {
        if (_active.Count < MaxActive && random.Next(2) == 0)
        {
            var call = PickInstance().PlaceCall($"7000000{random.Next(1000, 10_000)}@c.us");
            _active.Add((call, new(Scripts[random.Next(Scripts.Length)])));
        }

        if (_active.Count > 0)
        {
            SendStep(_active[random.Next(_active.Count)]);
        }
    }

    private void SendStep((SimulatedCall Call, Queue<string?> Steps) script)
    {
        script.Call.Send(script.Steps.Dequeue());
        if (random.Next(8) == 0)
        {
            script.Call.Repeat();
        }

        if (script.Steps.Count == 0)
        {
            _active.Remove(script);
        }
    }
}
