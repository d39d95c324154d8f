using IncomingCalls.Inbox;
using IncomingCalls.PostgreSql.Engine;
using IncomingCalls.PostgreSql.Storage;
using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.PostgreSql.Tests;

public sealed class DeliverySchedulerTests : IDisposable
{
    private const string Handler = "crm";
    private static readonly AttemptEnd Claimed = new(IsClaimed: true, Next: null);

    private readonly FakeTimeProvider _time = new();
    private readonly List<DueDelivery> _running = [];
    private readonly List<long> _started = [];
    private DeliveryScheduler _scheduler;
    private int _looks;

    public DeliverySchedulerTests() => _scheduler = Create(handlers: 2);

    public void Dispose() => _scheduler.Dispose();

    [Fact]
    public void Add_TwoDestinationsHang_StartsAnotherAtOnce()
    {
        Add("hanging-1", 100, 32);
        Add("hanging-2", 200, 32);

        Add("working", 300, 2);

        _running.Should().ContainSingle(delivery => delivery.Lane.Destination == "working");
        End(300);
        _running.Should().ContainSingle(delivery => delivery.Lane.Destination == "working", "the claim is left to a destination that has none");
    }

    /// <summary>A single handler may use all claims.</summary>
    [Fact]
    public void Add_ThreeDestinationsOfTheOnlyHandlerHang_StartsAnotherAtOnce()
    {
        _scheduler = Create(handlers: 1);
        Add("hanging-1", 100, 32);
        Add("hanging-2", 200, 32);
        Add("hanging-3", 300, 32);

        Add("working", 400, 2);

        _running.Should().HaveCount(12).And.ContainSingle(delivery => delivery.Lane.Destination == "working");
    }

    /// <summary>The first one has four claims, which end with their timeout.</summary>
    [Fact]
    public void OnEnded_MoreDestinationsHangThanThereAreClaims_StartsThoseWithoutOne()
    {
        for (var i = 1; i <= 6; i++)
        {
            Add($"hanging-{i}", i * 100, 32);
        }

        Add("working", 700, 2);
        _running.Should().HaveCount(6).And.NotContain(delivery => delivery.Lane.Destination == "working");

        foreach (var id in (long[])[100, 101, 102, 103])
        {
            End(id);
        }

        _running.Should().HaveCount(6).And.ContainSingle(delivery => delivery.Lane.Destination == "working");
    }

    /// <summary>The one whose claim has ended would otherwise start again, since it has waited for longer.</summary>
    [Fact]
    public void OnEnded_EachDestinationHasNoClaimInTurn_StartsThemInTurn()
    {
        _scheduler = Create(handlers: 2, maxConcurrent: 2);
        Add("a", 100, 3);
        Add("b", 200, 3);
        Add("c", 300, 3);

        while (_running.Count > 0)
        {
            End(_running[0].Id);
        }

        _started.Should().Equal(100, 200, 300, 101, 201, 301, 102, 202, 302);
    }

    [Fact]
    public void OnEnded_OneDestination_StartsInOrderWithFourClaims()
    {
        Add("a", 100, 32);
        _started.Should().Equal(100, 101, 102, 103);

        while (_running.Count > 0)
        {
            End(_running[0].Id);
        }

        _started.Should().Equal(Enumerable.Range(100, 32).Select(static id => (long)id));
    }

    [Fact]
    public void Add_HandlerHangs_LeavesClaimsToAnother()
    {
        for (var i = 1; i <= 6; i++)
        {
            Add($"hanging-{i}", i * 100, 32);
        }

        Add("a", 1000, 4, handler: "other");

        _running.Count(static delivery => delivery.HandlerName == "other").Should().Be(4);
    }

    [Fact]
    public void OnEnded_LaneWithMoreIsDrained_Looks()
    {
        Add("a", 100, 40);

        while (_running.Count > 0)
        {
            End(_running[0].Id);
        }

        _started.Should().HaveCount(32);
        _looks.Should().Be(1);
    }

    [Fact]
    public void OnEnded_HeldBack_StartsAgainWhenTheLaneOpens()
    {
        Add("a", 100, 1);
        Add("b", 200, 1);
        _scheduler.Close(new(Handler, "a"), _time.GetUtcNow() + TimeSpan.FromSeconds(1));
        _scheduler.Close(new(Handler, "b"), _time.GetUtcNow() + TimeSpan.FromSeconds(2));
        End(100, new(IsClaimed: false, Next: null, IsHeldBack: true));
        End(200, new(IsClaimed: false, Next: null, IsHeldBack: true));
        _running.Should().BeEmpty();

        _time.Advance(TimeSpan.FromSeconds(1));
        _running.Should().ContainSingle().Which.Id.Should().Be(100);

        _time.Advance(TimeSpan.FromSeconds(1));
        _running.Should().HaveCount(2);
    }

    [Fact]
    public void Close_AllLanesOfAHandler_HoldsThoseOfNoOther()
    {
        _scheduler.Close(DeliveryScheduler.AllLanesOf(Handler), _time.GetUtcNow() + TimeSpan.FromSeconds(1));
        Add("a", 100, 1);
        Add("a", 200, 1, handler: "other");
        _running.Should().ContainSingle().Which.Id.Should().Be(200);

        _time.Advance(TimeSpan.FromSeconds(1));

        _running.Should().HaveCount(2);
    }

    private DeliveryScheduler Create(int handlers, int maxConcurrent = 12) => new(maxConcurrent, 4, handlers, _time, () => _looks++, (delivery, _) =>
    {
        _running.Add(delivery);
        _started.Add(delivery.Id);
    });

    private void Add(string destination, int firstId, int count, string handler = Handler) =>
        _scheduler.Add(Enumerable.Range(firstId, count).Select(id => new DueDelivery(id, new(handler, destination), IsNotifier: false)), isSignalled: false, hasMore: false);

    private void End(long id, AttemptEnd? end = null)
    {
        var delivery = _running.Single(delivery => delivery.Id == id);
        _running.Remove(delivery);
        _scheduler.OnEnded(delivery, end ?? Claimed);
    }
}
