using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Tests.Callers;

/// <summary>Resolvers that fail, do not return, or return late.</summary>
public class CallerNameChainTests
{
    /// <summary>The first pause is 1 s, the second 2 s, each with a jitter of 20 %.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1.2);
    private static readonly TimeSpan SecondPause = TimeSpan.FromSeconds(2.4);

    [Fact]
    public async Task ResolveAsync_MessageContainsAPhoneNumber_IsLoggedMasked()
    {
        await using var host = await CallerNameHost.StartAsync();
        host.Crm.Fail("no contact 70000000101");

        await host.ResolveAsync(1);

        host.LogsOf(1030).Should().ContainSingle().Which.Message.Should().EndWith("InvalidOperationException: no contact •••");
    }

    [Fact]
    public async Task ResolveAsync_ResolverThrows_IsSkippedAndLoggedOncePerPause()
    {
        await using var host = await CallerNameHost.StartAsync();
        host.Crm.Fail("down");

        foreach (var caller in Enumerable.Range(1, 300))
        {
            (await host.ResolveAsync(caller)).Should().BeNull();
        }

        host.Crm.Calls.Should().Be(1);
        var log = host.LogsOf(1030).Should().ContainSingle().Which;
        log.Level.Should().Be(LogLevel.Warning);
        log.Message.Should().Be("Name resolver CrmContacts failed for instance 1 and is not called for this instance for 1 s. Fix the cause: InvalidOperationException: down");
        log.Exception.Should().BeNull();
    }

    [Fact]
    public async Task ResolveAsync_PauseIsOver_ProbeFailsAndDoublesThePauseThenSucceedsAndEndsIt()
    {
        await using var host = await CallerNameHost.StartAsync();
        host.Crm.Fail("down");
        await host.ResolveAsync(1);

        host.Clock.Advance(TimeSpan.FromSeconds(0.79));
        await host.ResolveAsync(2);
        host.Crm.Calls.Should().Be(1, "the pause is at least 0.8 s");
        host.Clock.Advance(FirstPause);
        await host.ResolveAsync(3);
        await host.ResolveAsync(4);
        host.Crm.Calls.Should().Be(2, "the probe has failed");
        host.LogsOf(1030).Should().HaveCount(2);

        host.Clock.Advance(TimeSpan.FromSeconds(1.59));
        await host.ResolveAsync(5);
        host.Crm.Calls.Should().Be(2, "the second pause is at least 1.6 s");
        host.Clock.Advance(SecondPause);
        host.Crm.Return("Ivan");
        (await host.ResolveAsync(6)).Should().Be("Ivan");
        (await host.ResolveAsync(7)).Should().Be("Ivan");

        host.Crm.Fail("down again");
        await host.ResolveAsync(8);
        host.LogsOf(1030)[^1].Message.Should().Contain(" for 1 s. ", "a success starts the backoff again");
    }

    [Fact]
    public async Task ResolveAsync_PauseIsOver_OneProbeAtATime()
    {
        await using var host = await CallerNameHost.StartAsync();
        host.Crm.Fail("down");
        await host.ResolveAsync(1);
        await host.Crm.WaitForCallAsync();
        host.Clock.Advance(FirstPause);
        var answer = host.Crm.Block();

        var probe = host.ResolveAsync(2);
        await host.Crm.WaitForCallAsync();
        (await host.ResolveAsync(3)).Should().BeNull();
        answer.SetResult(ScriptedResolver.NameOf("Ivan"));

        (await probe).Should().Be("Ivan");
        (await host.ResolveAsync(3)).Should().Be("Ivan");
        host.Crm.Calls.Should().Be(3);
    }

    [Fact]
    public async Task ResolveAsync_ProbeIsUnavailable_NextLookupIsTheProbe()
    {
        await using var host = await CallerNameHost.StartAsync();
        host.Crm.Fail("down");
        await host.ResolveAsync(1);
        host.Clock.Advance(FirstPause);
        host.Crm.OnResolve = static (_, _) => throw new CallerNameUnavailableException("The quota is used up.");
        (await host.ResolveAsync(2)).Should().BeNull();

        host.Crm.Return("Ivan");

        (await host.ResolveAsync(2)).Should().Be("Ivan");
        host.LogsOf(1030).Should().ContainSingle();
    }

    [Fact]
    public async Task ResolveAsync_ResolverThrows_OtherInstancesAreNotPaused()
    {
        await using var host = await CallerNameHost.StartAsync();
        host.Crm.OnResolve = static (query, _) => query.IdInstance == 1 ? throw new InvalidOperationException("down") : Task.FromResult<CallerName?>(ScriptedResolver.NameOf("Ivan"));

        (await host.ResolveAsync(1, idInstance: 1)).Should().BeNull();

        (await host.ResolveAsync(1, idInstance: 2)).Should().Be("Ivan");
    }

    [Fact]
    public async Task ResolveAsync_ResolverThrows_NextResolverIsAskedAndItsNameIsCachedBriefly()
    {
        await using var host = await CallerNameHost.StartAsync(
            static builder => builder.AddCallerNames<ShopContacts>(), static options => options.MissingCallerNameCacheDuration = TimeSpan.FromMinutes(1));
        host.Crm.Fail("down");
        host.Shop.Return("Buyer 1");

        (await host.ResolveAsync(1)).Should().Be("Buyer 1");
        host.Crm.Return("Ivan Petrovich");
        (await host.ResolveAsync(1)).Should().Be("Buyer 1");
        host.Clock.Advance(TimeSpan.FromMinutes(1));

        (await host.ResolveAsync(1)).Should().Be("Ivan Petrovich");
    }

    [Fact]
    public async Task ResolveAsync_FallbackThrows_IsPausedToo()
    {
        var fallback = new FallbackContacts();
        fallback.Fail("down");
        await using var host = await CallerNameHost.StartAsync(builder => builder.Services.AddKeyedSingleton<ICallerNameResolver>(ICallerNameResolver.FallbackKey, fallback));

        await host.ResolveAsync(1);
        await host.ResolveAsync(2);

        fallback.Calls.Should().Be(1);
        host.LogsOf(1030).Should().ContainSingle().Which.Message.Should().StartWith("Name resolver IncomingCalls.Fallback failed");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ResolveAsync_ResolverNeverReturns_IsAbandonedAfterTheTimeout(bool blocksItsThread)
    {
        using var released = new ManualResetEventSlim();
        await using var host = await CallerNameHost.StartAsync(static builder => builder.AddCallerNames<ShopContacts>());
        host.Shop.Return("Buyer 1");
        var answer = host.Crm.Block();
        if (blocksItsThread)
        {
            host.Crm.OnResolve = (_, _) =>
            {
                released.Wait(CancellationToken.None);
                return answer.Task;
            };
        }

        var resolving = host.ResolveAsync(1);
        await host.Crm.WaitForCallAsync();
        host.Clock.Advance(TimeSpan.FromSeconds(29));
        resolving.IsCompleted.Should().BeFalse();
        host.Clock.Advance(TimeSpan.FromSeconds(1));

        (await resolving).Should().Be("Buyer 1");
        (await host.ResolveAsync(2)).Should().Be("Buyer 1");
        host.Crm.Calls.Should().Be(1, "it is paused");
        host.LogsOf(1030).Should().ContainSingle().Which.Message.Should().EndWith("TimeoutException: There was no result within 30 s.");
        released.Set();
        answer.SetResult(null);
    }

    [Fact]
    public async Task ResolveAsync_ResolverReturnsAfterTheTimeout_ItsNameIsIgnoredAndItsScopeWasNotDisposedBefore()
    {
        var scopes = new ScopeLog();
        await using var host = await CallerNameHost.StartAsync(builder => builder.AddCallerNames<ScopedContacts>().Services.AddSingleton(scopes));
        var resolving = host.ResolveAsync(1);
        await scopes.Called.Task.WaitAsync(TimeSpan.FromSeconds(10));
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        (await resolving).Should().BeNull();
        scopes.Disposed.Task.IsCompleted.Should().BeFalse("the resolver is still running");

        scopes.Answer.SetResult(ScriptedResolver.NameOf("Late"));

        await scopes.Disposed.Task.WaitAsync(TimeSpan.FromSeconds(10));
        host.Names.WithKnownDetails(1, CallerNameHost.CallerOf(1)).Name.Should().BeNull();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ResolveAsync_CircuitOpens_OtherLookupsInTheResolverEnd(bool ignoresItsToken)
    {
        const int Lookups = 20;
        await using var host = await CallerNameHost.StartAsync();
        var never = new TaskCompletionSource<CallerName?>();
        host.Crm.OnResolve = (_, token) => ignoresItsToken ? never.Task : never.Task.WaitAsync(token);
        var waiting = Enumerable.Range(1, Lookups).Select(caller => host.ResolveAsync(caller)).ToArray();
        for (var i = 0; i < Lookups; i++)
        {
            await host.Crm.WaitForCallAsync();
        }

        host.Crm.Fail("down");
        (await host.ResolveAsync(Lookups + 1)).Should().BeNull();

        (await Task.WhenAll(waiting)).Should().OnlyContain(name => name == null);
        host.LogsOf(1030).Should().ContainSingle();
    }

    [Fact]
    public async Task ResolveAsync_ConstructorThrows_IsLoggedOncePerPauseAndTheFallbackIsAsked()
    {
        var fallback = new FallbackContacts();
        fallback.Return("Ivan");
        await using var host = await CallerNameHost.StartAsync(builder =>
            builder.AddCallerNames<NotConstructible>().Services.AddKeyedSingleton<ICallerNameResolver>(ICallerNameResolver.FallbackKey, fallback));

        (await host.ResolveAsync(1)).Should().Be("Ivan");
        (await host.ResolveAsync(2)).Should().Be("Ivan");

        host.LogsOf(1031).Should().ContainSingle().Which.Level.Should().Be(LogLevel.Error);
        host.Clock.Advance(FirstPause);
        await host.ResolveAsync(3);
        host.LogsOf(1031).Should().HaveCount(2);
    }

    [Fact]
    public async Task ResolveAsync_ScopeCannotBeDisposed_NameIsFound()
    {
        await using var host = await CallerNameHost.StartAsync(static builder => builder.AddCallerNames<NotDisposable>());

        (await host.ResolveAsync(1)).Should().Be("Ivan");

        host.LogsOf(1031).Should().ContainSingle();
    }

    [Theory]
    [InlineData("\u3164")]
    [InlineData("\u200d \u2800\u200b")]
    [InlineData("\u0007\ufe0f\t")]
    [InlineData("")]
    public async Task ResolveAsync_NameIsInvisible_NextResolverIsAsked(string invisible)
    {
        var (first, second) = (new FallbackContacts(), new FallbackContacts());
        first.Return(invisible);
        second.Return("Ivan");
        await using var host = await CallerNameHost.StartAsync(builder => builder.AddCallerNames<ShopContacts>().Services
            .AddKeyedSingleton<ICallerNameResolver>(ICallerNameResolver.FallbackKey, first)
            .AddKeyedSingleton<ICallerNameResolver>(ICallerNameResolver.FallbackKey, second));
        host.Crm.Return(invisible);
        host.Shop.Return(invisible);

        (await host.ResolveAsync(1)).Should().Be("Ivan");

        (host.Crm.Calls, host.Shop.Calls, first.Calls).Should().Be((1, 1, 1));
    }

    private sealed class ScopeLog
    {
        public TaskCompletionSource Called { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Disposed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource<CallerName?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class ScopedContacts(ScopeLog log) : ICallerNameResolver, IDisposable
    {
        public async ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken)
        {
            log.Called.TrySetResult();
            return await log.Answer.Task;
        }

        public void Dispose() => log.Disposed.TrySetResult();
    }

    private sealed class NotConstructible : ICallerNameResolver
    {
        public NotConstructible() => throw new InvalidOperationException("no connection string");

        public ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) => default;
    }

    private sealed class NotDisposable : ICallerNameResolver, IDisposable
    {
        public ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) => new(ScriptedResolver.NameOf("Ivan"));

        public void Dispose() => throw new InvalidOperationException("disposal failed");
    }
}
