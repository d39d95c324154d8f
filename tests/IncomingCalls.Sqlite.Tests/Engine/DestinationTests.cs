using System.Collections.Concurrent;
using IncomingCalls.Sqlite.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Sqlite.Tests.Engine;

/// <summary>Destinations over days, with a fake clock. The conformance suite has the cases that take seconds.</summary>
public class DestinationTests
{
    private const int Calls = 50;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Start_DeliveriesHaveOutlastedMaxPauseMeanwhile_ProbesFirst(bool isAvailable)
    {
        using var folder = new InboxFolder();
        await using (var host = await StartAsync(folder, new() { IsDown = true }))
        {
            await AcceptAsync(host);
            await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM pauses") == 1);
        }

        var portal = new Portal { IsDown = !isAvailable };
        await using var next = await StartAsync(folder, portal);
        next.Clock.Advance(TimeSpan.FromDays(8));
        await next.WaitUntilAsync(() => next.QueryNumber("SELECT COUNT(*) FROM work") == 0, TimeSpan.FromSeconds(1));

        portal.Events.Should().HaveCount(isAvailable ? Calls : 0);
        next.QueryNumber("SELECT COUNT(*) FROM dead_letters").Should().Be(isAvailable ? 0 : Calls);
    }

    [Fact]
    public async Task Unavailable_ForHours_CountsNoAttemptAndProbesEveryQuarterOfAnHour()
    {
        using var folder = new InboxFolder();
        var portal = new Portal { IsDown = true };
        await using var host = await StartAsync(folder, portal);
        await AcceptAsync(host);
        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM pauses WHERE failures >= 10") == 1, TimeSpan.FromSeconds(5));
        var attempts = portal.AttemptCount;

        // Half a minute, then twice as long each time: the tenth attempt is after 15.5 minutes and four more quarters of an hour, each up to a fifth shorter.
        (host.Clock.GetUtcNow() - SqliteHost.Now).Should().BeGreaterThan(TimeSpan.FromMinutes(60));
        attempts.Should().BeLessThan(Calls, "only the first attempts and the probes have run");
        portal.IsDown = false;
        await host.WaitUntilAsync(() => portal.Events.Count == Calls, TimeSpan.FromSeconds(5));

        portal.Events.Should().OnlyContain(static callEvent => callEvent.Attempt == 1);
        host.QueryNumber("SELECT COUNT(*) FROM pauses").Should().Be(0);
        host.Logs.GetSnapshot().Select(static record => record.Id.Id).Where(static id => id is 1055 or 1056).Should().Equal(1055, 1056);
    }

    private static Task<SqliteHost> StartAsync(InboxFolder folder, Portal portal) => SqliteHost.StartAsync(folder.Path, configure: calls =>
    {
        calls.Services.AddSingleton(portal);
        calls.AddHandler<PortalHandler>(static options => (options.Name, options.Destination) = ("crm", static _ => "portal"));
    });

    private static async Task AcceptAsync(SqliteHost host)
    {
        for (var i = 0; i < Calls; i++)
        {
            await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", $"{i}"));
        }
    }

    /// <summary>A destination that can be unavailable.</summary>
    private sealed class Portal
    {
        private int _attempts;

        public bool IsDown { get; set; }

        public ConcurrentQueue<CallEvent> Events { get; } = [];

        public int AttemptCount => Volatile.Read(ref _attempts);

        public void Handle(CallEvent callEvent)
        {
            Interlocked.Increment(ref _attempts);
            if (IsDown)
            {
                throw new DestinationUnavailableException("portal");
            }

            Events.Enqueue(callEvent);
        }
    }

    private sealed class PortalHandler(Portal portal) : ICallEventHandler
    {
        public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
        {
            portal.Handle(callEvent);
            return ValueTask.CompletedTask;
        }
    }
}
