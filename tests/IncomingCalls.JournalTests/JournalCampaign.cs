using IncomingCalls.Testing;

namespace IncomingCalls.JournalTests;

/// <summary>
/// Loses outcomes and offers of simulated calls, repeats notifications, restarts the host, and checks what its handlers have received in the end. Writes the figures as <c>name: value</c> lines.
/// </summary>
internal sealed class JournalCampaign(CampaignOptions options, Action<string> writeLine)
{
    /// <summary>The journal is asked for a call for a day.</summary>
    private static readonly TimeSpan Drain = TimeSpan.FromHours(25);

    private static readonly TimeSpan RestartInterval = TimeSpan.FromMinutes(20);

    private readonly Random _random = new(options.Seed);
    private readonly PriorityQueue<Func<Task>, (DateTimeOffset, int)> _events = new();
    private readonly Dictionary<SimulatedInstance, int> _taken = [];
    private int _restarts;

    /// <returns>A task whose result is what was found.</returns>
    public async Task<IReadOnlyList<string>> RunAsync()
    {
        writeLine($"journal: {options.Journal}, quirk: {options.Quirk}, seed: {options.Seed}");
        var started = TimeProvider.System.GetTimestamp();
        await using var world = await JournalWorld.CreateAsync(options);
        await world.StartAsync();
        // The journal proves its ids, and the mark of the first start is set.
        await world.AdvanceAsync(TimeSpan.FromMinutes(1));
        var start = world.Time.GetUtcNow();
        var calls = Enumerable.Range(0, options.Calls).Select(_ => PlannedCall.Create(_random, options, start)).ToArray();
        foreach (var call in calls)
        {
            Add(call.OfferedAt, () => RingAsync(world, call));
        }

        for (var at = start + RestartInterval; at < start.AddMinutes(options.Minutes); at += RestartInterval)
        {
            Add(at, () => RestartAsync(world));
        }

        while (_events.TryDequeue(out var action, out var at))
        {
            await world.AdvanceAsync(at.Item1 - world.Time.GetUtcNow());
            await action();
        }

        await world.AdvanceAsync(Drain);
        writeLine($"restarts: {_restarts}");
        writeLine($"requests of journals: {world.Instances.Sum(static instance => instance.Requests.GetValueOrDefault("lastIncomingCalls") + instance.Requests.GetValueOrDefault("lastOutgoingCalls"))}");
        var findings = new CampaignChecker(options, calls, world.Log, writeLine).Check();
        var statistics = await world.Administration.GetStatisticsAsync();
        writeLine($"pending: {statistics.Depth}, dead letters: {statistics.DeadLetters}, quarantined: {statistics.Quarantined}");
        writeLine($"seconds: {TimeProvider.System.GetElapsedTime(started).TotalSeconds:F0}");
        return findings;
    }

    private async Task RingAsync(JournalWorld world, PlannedCall planned)
    {
        var instance = world.Instances[planned.Instance];
        var call = instance.PlaceCall(planned.Caller, settings => (settings.Quirks, settings.TalkTime) = (planned.Quirks, planned.TalkTime));
        planned.Key = new(instance.IdInstance, call.IdMessage);
        call.Ring();
        await DeliverAsync(world, instance, planned, isLost: planned.LosesOffer);
        Add(planned.OfferedAt + planned.RingTime, () =>
        {
            call.Send(planned.Status switch { CallStatus.PickUp => "pickUp", CallStatus.HungUp => "hungUp", CallStatus.Missed => "missed", _ => "declined" });
            return DeliverAsync(world, instance, planned, isLost: false);
        });
    }

    private async Task DeliverAsync(JournalWorld world, SimulatedInstance instance, PlannedCall planned, bool isLost)
    {
        var sent = instance.History;
        foreach (var notification in sent.Skip(_taken.GetValueOrDefault(instance)).Where(_ => !isLost))
        {
            await world.DeliverAsync(notification.Body);
            if (planned.IsDuplicated)
            {
                Add(world.Time.GetUtcNow().AddSeconds(_random.Next(600)), () => world.DeliverAsync(notification.Body));
            }
        }

        _taken[instance] = sent.Count;
    }

    private async Task RestartAsync(JournalWorld world)
    {
        _restarts++;
        await world.RestartAsync(drains: _random.Next(2) == 0);
    }

    private void Add(DateTimeOffset time, Func<Task> action) => _events.Enqueue(action, (time, _events.Count));
}
