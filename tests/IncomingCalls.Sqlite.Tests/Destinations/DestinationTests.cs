using IncomingCalls.Sqlite.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Sqlite.Tests.Destinations;

/// <summary>Paused destinations over hours and deployments, with a fake clock.</summary>
public class DestinationTests
{
    private const string Destination = "portal-7";

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>The failing probe pauses the destination again, whether the engine has noticed the end of the pause or not.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task EndPauses_ProbeIsRunning_FailingProbePausesAgain(bool isNoticed)
    {
        using var folder = new InboxFolder();
        var portal = new Portal { OnEvent = static (_, _) => throw new DestinationUnavailableException(Destination, TimeSpan.FromMinutes(5)) };
        await using var host = await StartAsync(folder, portal);
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined"));
        await host.WaitUntilAsync(() => PauseCount(host) == 1);
        var probe = new TaskCompletionSource();
        portal.OnEvent = async (_, cancellationToken) =>
        {
            await probe.Task.WaitAsync(cancellationToken);
            throw new DestinationUnavailableException(Destination, Hour);
        };
        host.Clock.Advance(TimeSpan.FromMinutes(5));
        await host.WaitUntilAsync(() => portal.Attempts == 2);

        (await host.Administration.EndPausesAsync("crm", Destination)).Should().Be(1);
        if (isNoticed)
        {
            // It starts once the engine knows that the destination is not paused any more. A single step, since the probe has a timeout.
            await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", "B"));
            host.Clock.Advance(TimeSpan.FromSeconds(1));
            await host.WaitUntilAsync(() => portal.Attempts == 3);
        }

        (await host.Administration.ListPausesAsync()).Should().BeEmpty();
        probe.SetResult();
        await host.WaitUntilAsync(() => PauseCount(host) == 1);

        (await host.Administration.ListPausesAsync()).Should().ContainSingle().Which.Should().Match<DestinationPause>(
            pause => pause.IsUnavailable && pause.Until > host.Clock.GetUtcNow() + TimeSpan.FromMinutes(50), "the probe has found the destination unavailable for an hour");
        portal.OnEvent = static (_, _) => Task.CompletedTask;
        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM work") == 0, TimeSpan.FromMinutes(1));
        portal.Handled.Should().HaveCount(isNoticed ? 2 : 1).And.OnlyContain(static callEvent => callEvent.Attempt == 1);
        (await host.Administration.ListPausesAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Deployment_RemovesAHandlerWhoseDestinationIsPaused_ItsDeliveriesBlockNothingAndBecomeDeadLetters()
    {
        using var folder = new InboxFolder();
        await using (var host = await StartAsync(folder, new() { OnEvent = static (_, _) => throw new DestinationUnavailableException(Destination, Hour) }))
        {
            for (var i = 0; i < 40; i++)
            {
                await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined", $"A{i}"));
            }

            await host.WaitUntilAsync(() => PauseCount(host) == 1 && host.Recorder.Events.Count == 40);
        }

        // This host has the handler "recorder", and no handler "crm".
        await using var next = await SqliteHost.StartAsync(folder.Path);
        await next.Intake.AcceptAsync(SqliteHost.CreateCall("declined", "B"));
        await next.WaitUntilAsync(() => next.Recorder.Events.Any(static callEvent => callEvent.Call.Key.IdMessage == "B"));
        await next.WaitUntilAsync(() => next.QueryNumber("SELECT SUM(deliveries) FROM lanes") == 40);
        (await next.Administration.GetStatisticsAsync()).Should().BeEquivalentTo(new { Depth = 40L, Ready = 0L, Paused = 40L, PausedDestinations = 1L, DeadLetters = 0L });
        await next.WaitUntilAsync(() => next.QueryNumber("SELECT COUNT(*) FROM work") == 0, TimeSpan.FromMinutes(10));

        (await next.Administration.ListDeadLettersAsync()).Should().HaveCount(40).And.OnlyContain(static letter => letter.Handler == "crm" && letter.Error.StartsWith("HandlerNotRegistered"));
        (await next.Administration.ListPausesAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task DelayRequested_ForADay_CountsAttemptsOnlyOnceTheEventIsADayOld()
    {
        using var folder = new InboxFolder();
        List<int> attempts = [];
        var portal = new Portal
        {
            OnEvent = (callEvent, _) =>
            {
                attempts.Add(callEvent.Attempt);
                throw new CallEventRetryException(Hour, Destination);
            },
        };
        await using var host = await StartAsync(folder, portal, static options => options.RetryDelays = [Hour]);
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined"));

        for (var hours = 0; hours < 25; hours++)
        {
            await host.WaitUntilAsync(() => portal.Attempts == hours + 1 && host.QueryNumber($"SELECT COUNT(*) FROM pauses WHERE until > {host.Clock.GetUtcNow().ToUnixTimeMilliseconds()}") == 1);
            (await host.Administration.ListDeadLettersAsync()).Should().BeEmpty();
            host.Clock.Advance(Hour);
        }

        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM dead_letters") == 1);
        attempts.Should().Equal([.. Enumerable.Repeat(1, 25), 2], "the attempt after 24 hours is the first one that counts");
        (await host.Administration.ListDeadLettersAsync()).Should().ContainSingle().Which.Should().BeEquivalentTo(new { Handler = "crm", Attempts = 2, FailedAt = SqliteHost.Now.AddHours(25) });
    }

    /// <summary>What has outlasted <see cref="CallHandlerOptions.MaxPause"/> once has outlasted it until the pause ends.</summary>
    [Fact]
    public async Task Replay_PauseLasts_BecomesADeadLetterAgainWithoutAnAttempt()
    {
        using var folder = new InboxFolder();
        var portal = new Portal { OnEvent = static (_, _) => throw new DestinationUnavailableException(Destination, 24 * Hour) };
        await using var host = await StartAsync(folder, portal, static options => options.MaxPause = Hour);
        await host.Intake.AcceptAsync(SqliteHost.CreateCall("declined"));
        await host.WaitUntilAsync(() => host.QueryNumber("SELECT COUNT(*) FROM dead_letters") == 1, TimeSpan.FromMinutes(1));
        var first = host.QueryNumber("SELECT MAX(id) FROM dead_letters");

        await host.Administration.ReplayDeadLettersAsync();
        await host.WaitUntilAsync(() => host.QueryNumber($"SELECT COUNT(*) FROM dead_letters WHERE id > {first}") == 1, TimeSpan.FromMinutes(1));

        portal.Attempts.Should().Be(1, "only the attempt that began the pause has run");
        portal.OnEvent = static (_, _) => Task.CompletedTask;
        await host.Administration.EndPausesAsync("crm", Destination);
        await host.Administration.ReplayDeadLettersAsync();
        await host.WaitUntilAsync(() => portal.Handled.Count == 1, TimeSpan.FromSeconds(1));
        host.QueryNumber("SELECT COUNT(*) FROM dead_letters").Should().Be(0);
    }

    private static Task<SqliteHost> StartAsync(InboxFolder folder, Portal portal, Action<CallHandlerOptions>? configure = null) => SqliteHost.StartAsync(folder.Path, configure: calls =>
    {
        calls.Services.AddSingleton(portal);
        calls.AddHandler<PortalHandler>(options =>
        {
            options.Name = "crm";
            options.Destination = static _ => Destination;
            configure?.Invoke(options);
        });
    });

    private static long PauseCount(SqliteHost host) => host.QueryNumber("SELECT COUNT(*) FROM pauses");
}
