using IncomingCalls.AdapterTests.Hosting;
using IncomingCalls.Fakes.Crm;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.AdapterTests.Tests.Adapter;

/// <summary>A world with one portal, two instances and one known contact, and another portal beside it.</summary>
internal sealed class AdapterFixture : IAsyncDisposable
{
    public const long Instance = 1101000001;
    public const long SecondInstance = 1101000002;
    public const long OtherInstance = 1101000003;
    public const string Known = "70000000101@c.us";
    public const string Unknown = "70000000102@c.us";
    public const string LinkedId = "100000000000001@lid";

    private AdapterFixture(AdapterWorld world, bool createsContacts)
    {
        World = world;
        Portal = world.AddPortal("first", createsContacts, Instance, SecondInstance);
        Portal.AddContact("70000000101", "Known");
        Other = world.AddPortal("second", createsContacts, OtherInstance);
        Other.AddContact("70000000101", "Known");
        world.Server.AddIdWithoutPhoneNumber(LinkedId);
    }

    public AdapterWorld World { get; }

    public CrmPortal Portal { get; }

    public CrmPortal Other { get; }

    public static async Task<AdapterFixture> StartAsync(bool createsContacts = false, ILoggerProvider? logs = null)
    {
        var fixture = new AdapterFixture(await AdapterWorld.CreateAsync(logs), createsContacts);
        await fixture.World.StartAsync();
        return fixture;
    }

    /// <summary>Accepts a notification that happens now.</summary>
    public async Task NotifyAsync(string status, string id = "A", string? from = Known, long instance = Instance) => await World.AcceptAsync(new()
    {
        IdMessage = id,
        Instance = new() { IdInstance = instance },
        RawStatus = status,
        From = from is null ? null : ChatId.Parse(from),
        Timestamp = World.Now,
    });

    /// <summary>Accepts an offer, and its outcome ten seconds later.</summary>
    public async Task CallAsync(string status, string id = "A", string? from = Known, long instance = Instance)
    {
        await NotifyAsync("offer", id, from, instance);
        await World.AdvanceAsync(TimeSpan.FromSeconds(10));
        await NotifyAsync(status, id, from, instance);
    }

    /// <summary>Advances the clock until nothing is pending.</summary>
    public async Task FinishAsync()
    {
        await World.AdvanceAsync(TimeSpan.FromSeconds(21));
        for (var i = 0; i < 1_000 && (await World.Process.Administration.GetStatisticsAsync()).Depth > 0; i++)
        {
            await World.AdvanceAsync(TimeSpan.FromSeconds(10));
        }
    }

    /// <summary>Checks that the call has one record with this text, and the caller one open item or none; and that nothing else was done to the portals.</summary>
    public async Task ExpectAsync(string text, bool hasOpenItem)
    {
        var call = Portal.Calls.Should().ContainSingle().Subject;
        call.Text.Should().Be(text);
        call.Finishes.Should().ContainSingle();
        Portal.Items.Count(item => item.ClosedAt is null).Should().Be(hasOpenItem ? 1 : 0);
        Portal.Items.Should().HaveCountLessThan(2);
        await ExpectNoFaultAsync();
    }

    public async Task ExpectNoFaultAsync()
    {
        World.Server.Violations.Should().BeEmpty();
        var statistics = await World.Process.Administration.GetStatisticsAsync();
        (statistics.Depth, statistics.DeadLetters).Should().Be((0L, 0L));
    }

    public ValueTask DisposeAsync() => World.DisposeAsync();
}
