using System.Collections.Concurrent;
using IncomingCalls.Callers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IncomingCalls.Tests.Callers;

/// <summary>Lookups that are started without waiting for them: when one starts, what is known meanwhile, and how its end is reported.</summary>
public class CallerNameLookupTests
{
    [Fact]
    public async Task StartLookup_UnknownCaller_NameIsCachedWhenTheEndIsReported()
    {
        await using var host = await CallerNameHost.StartAsync();
        host.Crm.Return("Ivan");
        var ended = new EndedLookups(host.Names);

        host.Names.StartLookup(1, CallerNameHost.CallerOf(1), isRinging: false);

        var lookup = await ended.NextAsync();
        (lookup.Ended.IdInstance, lookup.Ended.ChatId, lookup.Ended.Name!.Name).Should().Be((1, CallerNameHost.CallerOf(1).ChatId!.Value, "Ivan"));
        lookup.Status.Should().Be(CallerNameStatus.Known);
        host.Names.WithKnownDetails(1, CallerNameHost.CallerOf(1)).Name.Should().Be("Ivan");
    }

    [Fact]
    public async Task StartLookup_NoLookupNeeded_StartsNone()
    {
        await using var host = await CallerNameHost.StartAsync();
        await host.ResolveAsync(1);
        host.Crm.Calls.Should().Be(1);

        host.Names.StartLookup(1, Caller.Anonymous, isRinging: true);
        host.Names.StartLookup(1, new() { ChatId = ChatId.Parse("120363000000000001@g.us") }, isRinging: true);
        host.Names.StartLookup(1, CallerNameHost.CallerOf(2) with { Name = "Ivan" }, isRinging: true);
        host.Names.StartLookup(1, CallerNameHost.CallerOf(1), isRinging: true);

        // A lookup that was started before this one would have called the resolver by the end of this one.
        await host.ResolveAsync(3);
        host.Crm.Calls.Should().Be(2);
    }

    [Fact]
    public async Task StartLookup_LookupIsPending_JoinsItAndMarksItRinging()
    {
        await using var host = await CallerNameHost.StartAsync();
        var answer = new TaskCompletionSource<CallerName?>();
        CallerNameQuery? query = null;
        host.Crm.OnResolve = (asked, _) =>
        {
            query = asked;
            return answer.Task;
        };
        var ended = new EndedLookups(host.Names);
        host.Names.StartLookup(1, CallerNameHost.CallerOf(1), isRinging: false);
        await host.Crm.WaitForCallAsync();
        query!.IsRinging.Should().BeFalse();

        host.Names.StartLookup(1, CallerNameHost.CallerOf(1), isRinging: true);
        query.IsRinging.Should().BeTrue();
        host.Names.StartLookup(1, CallerNameHost.CallerOf(1), isRinging: false);
        query.IsRinging.Should().BeTrue();
        var joined = host.ResolveAsync(1);
        answer.SetResult(ScriptedResolver.NameOf("Ivan"));

        (await joined).Should().Be("Ivan");
        await ended.NextAsync();
        (host.Crm.Calls, ended.Count).Should().Be((1, 0));
    }

    [Fact]
    public async Task StartLookup_TooManyPending_StartsNoneAndStatusIsUnavailable()
    {
        await using var host = await CallerNameHost.StartAsync();
        var answer = host.Crm.Block();
        for (var caller = 0; caller < 10_000; caller++)
        {
            host.Names.StartLookup(1, CallerNameHost.CallerOf(caller), isRinging: false);
        }

        host.Names.GetStatus(1, CallerNameHost.CallerOf(10_000)).Should().Be(CallerNameStatus.Unavailable);
        host.Names.GetStatus(1, CallerNameHost.CallerOf(7)).Should().Be(CallerNameStatus.Unknown, "its lookup is pending");
        host.Names.StartLookup(1, CallerNameHost.CallerOf(10_000), isRinging: true);
        (await host.ResolveAsync(10_000)).Should().BeNull("no lookup was started, so there is none to wait for");
        answer.SetResult(null);
    }

    [Fact]
    public async Task StartLookup_ResolverReturnsAfterTheWaitOfRecords_NameIsCachedAndReported()
    {
        await using var host = await CallerNameHost.StartAsync();
        var answer = host.Crm.Block();
        var ended = new EndedLookups(host.Names);
        host.Names.StartLookup(1, CallerNameHost.CallerOf(1), isRinging: true);
        await host.Crm.WaitForCallAsync();

        host.Clock.Advance(TimeSpan.FromSeconds(29));
        host.Names.GetStatus(1, CallerNameHost.CallerOf(1)).Should().Be(CallerNameStatus.Unknown);
        answer.SetResult(ScriptedResolver.NameOf("Ivan"));

        (await ended.NextAsync()).Ended.Name!.Name.Should().Be("Ivan");
        host.Names.GetStatus(1, CallerNameHost.CallerOf(1)).Should().Be(CallerNameStatus.Known);
    }

    [Fact]
    public async Task GetStatus_NoLookupNeeded_IsNotNeeded()
    {
        await using var host = await CallerNameHost.StartAsync();

        host.Names.GetStatus(1, Caller.Anonymous).Should().Be(CallerNameStatus.NotNeeded);
        host.Names.GetStatus(1, new() { ChatId = ChatId.Parse("120363000000000001@g.us") }).Should().Be(CallerNameStatus.NotNeeded);
        host.Names.GetStatus(1, CallerNameHost.CallerOf(1) with { Name = "Ivan" }).Should().Be(CallerNameStatus.NotNeeded);
        host.Names.GetStatus(1, CallerNameHost.CallerOf(1)).Should().Be(CallerNameStatus.Unknown);
    }

    [Fact]
    public async Task GetStatus_AbsenceIsCached_IsKnownUntilItExpires()
    {
        await using var host = await CallerNameHost.StartAsync();

        await host.ResolveAsync(1);

        host.Names.GetStatus(1, CallerNameHost.CallerOf(1)).Should().Be(CallerNameStatus.Known);
        host.Names.GetStatus(2, CallerNameHost.CallerOf(1)).Should().Be(CallerNameStatus.Unknown);
        host.Clock.Advance(TimeSpan.FromMinutes(10));
        host.Names.GetStatus(1, CallerNameHost.CallerOf(1)).Should().Be(CallerNameStatus.Unknown);
    }

    [Fact]
    public async Task GetStatus_LookupHasFailed_IsUnavailableForTheWaitButTheNextLookupStarts()
    {
        await using var host = await CallerNameHost.StartAsync();
        host.Crm.OnResolve = static (_, _) => throw new CallerNameUnavailableException("The quota is used up.");
        await host.ResolveAsync(1);

        host.Names.GetStatus(1, CallerNameHost.CallerOf(1)).Should().Be(CallerNameStatus.Unavailable);
        host.Names.GetStatus(1, CallerNameHost.CallerOf(2)).Should().Be(CallerNameStatus.Unknown);
        host.Clock.Advance(TimeSpan.FromSeconds(10));
        host.Names.GetStatus(1, CallerNameHost.CallerOf(1)).Should().Be(CallerNameStatus.Unknown);

        await host.ResolveAsync(1);
        host.Names.GetStatus(1, CallerNameHost.CallerOf(1)).Should().Be(CallerNameStatus.Unavailable);
        host.Crm.Return("Ivan");
        (await host.ResolveAsync(1)).Should().Be("Ivan");
        host.Names.GetStatus(1, CallerNameHost.CallerOf(1)).Should().Be(CallerNameStatus.Known);
    }

    [Fact]
    public async Task GetStatus_EveryResolverIsPaused_IsUnavailableUntilAProbeIsPossible()
    {
        await using var host = await CallerNameHost.StartAsync(static builder => builder.AddCallerNames<ShopContacts>());
        host.Crm.Fail("down");
        await host.ResolveAsync(1);
        host.Names.GetStatus(1, CallerNameHost.CallerOf(9)).Should().Be(CallerNameStatus.Unknown, "the other resolver works");
        host.Shop.Fail("down");
        await host.ResolveAsync(2);

        host.Names.GetStatus(1, CallerNameHost.CallerOf(9)).Should().Be(CallerNameStatus.Unavailable);
        host.Names.GetStatus(2, CallerNameHost.CallerOf(9)).Should().Be(CallerNameStatus.Unknown);
        host.Clock.Advance(TimeSpan.FromSeconds(1.2));
        host.Names.GetStatus(1, CallerNameHost.CallerOf(9)).Should().Be(CallerNameStatus.Unknown);
    }

    [Fact]
    public async Task GetStatus_FallbackIsNotPaused_IsUnknown()
    {
        await using var host = await CallerNameHost.StartAsync(static builder =>
            builder.Services.AddKeyedSingleton<ICallerNameResolver>(ICallerNameResolver.FallbackKey, new FallbackContacts()));
        host.Crm.Fail("down");

        await host.ResolveAsync(1);

        host.Names.GetStatus(1, CallerNameHost.CallerOf(9)).Should().Be(CallerNameStatus.Unknown);
    }

    [Fact]
    public async Task GetStatus_NoResolvers_IsUnavailable()
    {
        await using var host = await Hosting.TestHost.StartAsync(static _ => { });

        host.Services.GetRequiredService<CallerNameService>().GetStatus(1, CallerNameHost.CallerOf(1)).Should().Be(CallerNameStatus.Unavailable);
    }

    [Fact]
    public async Task LookupEnded_NoName_IsRaisedAfterTheAbsenceIsCached()
    {
        await using var host = await CallerNameHost.StartAsync();
        var ended = new EndedLookups(host.Names);

        host.Names.StartLookup(1, CallerNameHost.CallerOf(1), isRinging: false);

        var lookup = await ended.NextAsync();
        (lookup.Ended.Name, lookup.Status).Should().Be((null, CallerNameStatus.Known));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task LookupEnded_LookupFails_IsRaised(bool isUnavailable)
    {
        await using var host = await CallerNameHost.StartAsync();
        host.Crm.OnResolve = (_, _) => throw (isUnavailable ? new CallerNameUnavailableException("later") : new InvalidOperationException("down"));
        var ended = new EndedLookups(host.Names);

        host.Names.StartLookup(1, CallerNameHost.CallerOf(1), isRinging: false);

        var lookup = await ended.NextAsync();
        (lookup.Ended.Name, lookup.Status).Should().Be((null, CallerNameStatus.Unavailable));
    }

    [Fact]
    public async Task LookupEnded_HostStops_IsRaised()
    {
        await using var host = await CallerNameHost.StartAsync();
        var answer = host.Crm.Block();
        var ended = new EndedLookups(host.Names);
        host.Names.StartLookup(1, CallerNameHost.CallerOf(1), isRinging: false);
        await host.Crm.WaitForCallAsync();

        host.Host.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        (await ended.NextAsync()).Ended.Name.Should().BeNull();
        host.LogsOf(1030).Should().BeEmpty();
        answer.SetResult(null);
    }

    [Fact]
    public async Task LookupEnded_SubscriberThrows_OthersAreNotifiedAndTheNameIsReturned()
    {
        await using var host = await CallerNameHost.StartAsync();
        host.Crm.Return("Ivan");
        host.Names.NameFound += static _ => throw new InvalidOperationException("store is closed");
        host.Names.LookupEnded += static _ => throw new InvalidOperationException("engine is closed");
        var ended = new EndedLookups(host.Names);

        (await host.ResolveAsync(1)).Should().Be("Ivan");

        (await ended.NextAsync()).Ended.Name!.Name.Should().Be("Ivan");
        host.LogsOf(1032).Select(log => log.Exception!.Message).Should().Equal("store is closed", "engine is closed");
    }

    [Fact]
    public async Task LookupEnded_SubscriberStartsAnotherLookup_IsNotTheEndedOne()
    {
        await using var host = await CallerNameHost.StartAsync();
        host.Crm.OnResolve = static (_, _) => throw new CallerNameUnavailableException("later");
        var ended = new EndedLookups(host.Names);
        host.Names.LookupEnded += lookup =>
        {
            if (host.Crm.Calls == 1)
            {
                host.Crm.Return("Ivan");
                host.Names.StartLookup(lookup.IdInstance, CallerNameHost.CallerOf(1), isRinging: false);
            }
        };

        host.Names.StartLookup(1, CallerNameHost.CallerOf(1), isRinging: false);

        (await ended.NextAsync()).Ended.Name.Should().BeNull();
        (await ended.NextAsync()).Ended.Name!.Name.Should().Be("Ivan");
    }

    [Fact]
    public async Task NameFound_FallbackNameIsNotToBeCached_IsCachedForTheWait()
    {
        await using var host = await CallerNameHost.StartAsync(options: static options => options.MissingCallerNameCacheDuration = TimeSpan.Zero);
        host.Crm.OnResolve = static (_, _) => Task.FromResult<CallerName?>(new() { Name = "+70000000116", Source = "crm", IsFallback = true });
        var ended = new EndedLookups(host.Names);

        host.Names.StartLookup(1, CallerNameHost.CallerOf(1), isRinging: false);
        await ended.NextAsync();

        host.Names.WithKnownDetails(1, CallerNameHost.CallerOf(1)).Name.Should().Be("+70000000116", "what waits for the name reads it from the cache");
        host.Clock.Advance(TimeSpan.FromSeconds(10));
        host.Names.WithKnownDetails(1, CallerNameHost.CallerOf(1)).Name.Should().BeNull();
    }

    /// <summary>The lookups that have ended, with the status of their caller at that moment.</summary>
    private sealed class EndedLookups
    {
        private readonly ConcurrentQueue<(CallerNameLookupEnded, CallerNameStatus)> _ended = new();
        private readonly SemaphoreSlim _count = new(0);

        public EndedLookups(CallerNameService names) => names.LookupEnded += lookup =>
        {
            _ended.Enqueue((lookup, names.GetStatus(lookup.IdInstance, new() { ChatId = lookup.ChatId })));
            _count.Release();
        };

        /// <summary>The number of ended lookups that the test has not waited for.</summary>
        public int Count => _ended.Count;

        public async Task<(CallerNameLookupEnded Ended, CallerNameStatus Status)> NextAsync()
        {
            (await _count.WaitAsync(TimeSpan.FromSeconds(10))).Should().BeTrue("a lookup ends");
            return _ended.TryDequeue(out var next) ? next : throw new InvalidOperationException();
        }
    }
}
