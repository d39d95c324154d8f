using IncomingCalls.Testing;

namespace IncomingCalls.CrashTests;

/// <summary>Calls of every kind on all instances, some in the wrong order, with repeats, messages and rubbish in between.</summary>
internal sealed class CallTraffic(Gateway gateway, Random chance)
{
    /// <summary>More than this and calls wait for each other rather than for the host.</summary>
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

    /// <summary>Sends a few notifications, unless many wait already.</summary>
    /// <param name="count">How many.</param>
    public void Send(int count)
    {
        const int patience = 40;
        for (var i = 0; i < count && gateway.WaitingCount < patience; i++)
        {
            switch (chance.Next(100))
            {
                case < 5:
                    PickInstance().SendMessage("70000000101@c.us", "hello");
                    break;
                case < 8:
                    // JSON, so that a poll brings the same bytes as a post.
                    PickInstance().Enqueue($$"""{"rubbish":{{++_unreadableCount}}}""");
                    break;
                default:
                    SendStep();
                    break;
            }
        }
    }

    /// <summary>Sends what has begun to its end.</summary>
    public void Finish()
    {
        while (_active.Count > 0)
        {
            SendStep(_active[^1]);
        }
    }

    /// <summary>Sends once more what was handled long ago.</summary>
    /// <param name="count">How many.</param>
    public void SendDuplicates(int count)
    {
        foreach (var instance in gateway.Instances)
        {
            var calls = instance.History.Where(notification => notification.TypeWebhook == "incomingCall").ToArray();
            chance.Shuffle(calls);
            foreach (var notification in calls.Take(count))
            {
                instance.Enqueue(notification.Body);
            }
        }
    }

    private SimulatedInstance PickInstance() => gateway.Instances[chance.Next(gateway.Instances.Count)];

    private void SendStep()
    {
        if (_active.Count < MaxActive && chance.Next(2) == 0)
        {
            var call = PickInstance().PlaceCall($"7000000{chance.Next(1000, 10_000)}@c.us");
            _active.Add((call, new(Scripts[chance.Next(Scripts.Length)])));
        }

        if (_active.Count > 0)
        {
            SendStep(_active[chance.Next(_active.Count)]);
        }
    }

    private void SendStep((SimulatedCall Call, Queue<string?> Steps) script)
    {
        script.Call.Send(script.Steps.Dequeue());
        if (chance.Next(8) == 0)
        {
            script.Call.Repeat();
        }

        if (script.Steps.Count == 0)
        {
            _active.Remove(script);
        }
    }
}
