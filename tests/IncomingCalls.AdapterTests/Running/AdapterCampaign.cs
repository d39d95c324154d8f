using IncomingCalls.AdapterTests.Checking;
using IncomingCalls.AdapterTests.Faults;
using IncomingCalls.AdapterTests.Hosting;
using IncomingCalls.AdapterTests.Traffic;
using IncomingCalls.Fakes.Crm;

namespace IncomingCalls.AdapterTests.Running;

/// <summary>
/// Runs the adapter of docs/adapters.md for hours of a clock that is simulated or fast, with portals that are paused, requests that fail and processes that are killed, and checks what is in the
/// portals in the end. Writes the figures as <c>name: value</c> lines.
/// </summary>
internal sealed class AdapterCampaign(CampaignOptions options, Action<string> writeLine)
{
    private static readonly TimeSpan RedeliveryDelay = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MaxDrain = TimeSpan.FromHours(4);

    /// <summary>Without the date, which an HTTP client compares with that of the response, which is real.</summary>
    private static readonly RetryAfterFormat[] Formats = [RetryAfterFormat.Seconds, RetryAfterFormat.Body, RetryAfterFormat.None];

    private readonly Random _random = new(options.Seed);
    private readonly PriorityQueue<Func<Task>, (DateTimeOffset, int)> _events = new();

    /// <returns>A task whose result is what was found.</returns>
    public async Task<IReadOnlyList<Finding>> RunAsync()
    {
        writeLine($"seed: {options.Seed}");
        var started = TimeProvider.System.GetTimestamp();
        await using CampaignWorld world = options.Storage == CampaignStorage.Postgres ? await ClusterWorld.CreateAsync() : await AdapterWorld.CreateAsync();
        var portals = Enumerable.Range(0, options.Portals).Select(portal => AddPortal(world, portal)).ToArray();
        var duration = TimeSpan.FromMinutes(options.Minutes);
        var traffic = new TrafficGenerator(_random, world.Now, duration);
        var calls = Enumerable.Range(0, options.Calls).Select(number => CreateCall(traffic, number, portals)).ToArray();
        foreach (var call in calls)
        {
            Schedule(world, call);
        }

        var quietCount = options.Portals / 5;
        var faults = new FaultGenerator(world, _random, world.Now, duration);
        foreach (var (time, action) in faults.Create(portals[quietCount..], options.Portals / 3))
        {
            Add(time, action);
        }

        await world.StartAsync();
        await RunEventsAsync(world);
        await DrainAsync(world);
        writeLine($"pauses of portals: {faults.PauseCount}");
        writeLine($"scripted answers 429: {faults.StormAnswerCount}");
        writeLine($"other scripted faults: {faults.FaultCount}");
        foreach (var kill in world.Kills.CountBy(kill => kill.Place).OrderBy(kill => kill.Key))
        {
            writeLine($"kills ({kill.Key}): {kill.Value}");
        }

        var findings = await new CampaignChecker(world, calls, [.. portals[..quietCount].Select(portal => portal.Name)], writeLine).CheckAsync();
        writeLine($"seconds: {TimeProvider.System.GetElapsedTime(started).TotalSeconds:F0}");
        return findings;
    }

    private CrmPortal AddPortal(CampaignWorld world, int number)
    {
        var portal = world.AddPortal($"portal-{number:D3}", TrafficGenerator.CreatesContacts(number), TrafficGenerator.GetInstances(number));
        // A process that is killed between a refresh and the storing of the tokens must be able to repeat it.
        portal.Options.AcceptsPreviousRefreshToken = true;
        portal.Options.RetryAfterFormat = Formats[number % Formats.Length];
        portal.Options.RetryAfter = TimeSpan.FromSeconds(_random.Next(2, 60));
        foreach (var phone in TrafficGenerator.GetContacts(number))
        {
            portal.AddContact(phone);
        }

        foreach (var instance in TrafficGenerator.GetInstances(number))
        {
            world.Server.AddIdWithoutPhoneNumber(TrafficGenerator.GetLinkedId(instance));
        }

        return portal;
    }

    private PlannedCall CreateCall(TrafficGenerator traffic, int number, CrmPortal[] portals)
    {
        var portal = _random.Next(portals.Length);
        return traffic.CreateCall(number, portal, portals[portal].Name);
    }

    private void Schedule(CampaignWorld world, PlannedCall call)
    {
        foreach (var report in call.Outcomes.Prepend(new(call.OfferedAt, "offer")))
        {
            Add(report.Time, () => DeliverAsync(world, call, report));
            if (_random.Next(10) == 0)
            {
                Add(report.Time.AddSeconds(_random.Next(600)), () => DeliverAsync(world, call, report));
            }
        }
    }

    /// <summary>Delivers a notification, and again after a minute if it was not accepted.</summary>
    private async Task DeliverAsync(CampaignWorld world, PlannedCall call, Report report)
    {
        try
        {
            await world.AcceptAsync(call.Create(report));
            if (call.Outcomes is [.., var last] && report == last)
            {
                call.AcceptedAt ??= world.Now;
            }
        }
        catch (CallInboxUnavailableException)
        {
            Add(world.Now + RedeliveryDelay, () => DeliverAsync(world, call, report));
        }
    }

    private void Add(DateTimeOffset time, Func<Task> action) => _events.Enqueue(action, (time, _events.Count));

    private async Task RunEventsAsync(CampaignWorld world)
    {
        while (_events.TryDequeue(out var action, out var at))
        {
            await world.AdvanceAsync(at.Item1 > world.Now ? at.Item1 - world.Now : TimeSpan.Zero);
            await action();
        }
    }

    private static async Task DrainAsync(CampaignWorld world)
    {
        var end = world.Now + MaxDrain;
        while (world.Now < end && (await world.Administration.GetStatisticsAsync()).Depth > 0)
        {
            await world.AdvanceAsync(TimeSpan.FromSeconds(10));
        }

        // The outcome timeout of the last calls.
        await world.AdvanceAsync(TimeSpan.FromMinutes(30));
    }
}
