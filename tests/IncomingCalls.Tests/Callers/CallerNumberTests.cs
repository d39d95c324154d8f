using System.Collections.Concurrent;
using IncomingCalls.Callers;
using IncomingCalls.Inbox;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Tests.Callers;

/// <summary>Phone numbers of callers with linked ids, which are looked up beside their names.</summary>
public class CallerNumberTests
{
    private static readonly Caller Lid = new() { ChatId = ChatId.Parse("100000000000001@lid") };
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly ScriptedNumbers _numbers = new();

    [Fact]
    public async Task ResolveAsync_NumberFound_IsAddedAndCachedForItsDuration()
    {
        await using var host = await StartAsync();
        _numbers.Return("+70000000101", Day);

        (await ResolveAsync(host)).PhoneNumber.Should().Be("+70000000101");
        host.Clock.Advance(Day - TimeSpan.FromSeconds(1));
        (await ResolveAsync(host)).DisplayName.Should().Be("+70000000101");
        _numbers.Calls.Should().Be(1);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        await ResolveAsync(host);

        _numbers.Calls.Should().Be(2);
    }

    [Fact]
    public async Task ResolveAsync_NumberHidden_IsCachedAndTheIdIsShown()
    {
        await using var host = await StartAsync();
        _numbers.Return(null, Day);

        (await ResolveAsync(host)).DisplayName.Should().Be("100000000000001@lid");
        await ResolveAsync(host);

        _numbers.Calls.Should().Be(1);
        host.Names.GetStatus(1, Lid).Should().Be(CallerNameStatus.Known);
    }

    [Fact]
    public async Task ResolveAsync_DigitsOfTheIdAsNumber_AreNotUsed()
    {
        await using var host = await StartAsync();
        _numbers.Return("+100000000000001", Day);

        (await ResolveAsync(host)).PhoneNumber.Should().BeNull();

        host.Crm.OnResolve = static (_, _) => Task.FromResult<CallerName?>(new() { Name = "Ivan", Source = "crm", PhoneNumber = "+100000000000002" });
        (await host.Names.ResolveAsync(1, new() { ChatId = ChatId.Parse("100000000000002@lid") }, isRinging: false, CancellationToken.None)).PhoneNumber.Should().BeNull();
    }

    [Fact]
    public async Task ResolveAsync_HostHasTheName_NumberIsLookedUpNevertheless()
    {
        await using var host = await StartAsync();
        host.Crm.Return("Ivan");
        _numbers.Return("+70000000101", Day);

        var caller = await ResolveAsync(host);

        (caller.Name, caller.PhoneNumber, caller.DisplayName).Should().Be(("Ivan", "+70000000101", "Ivan"));
    }

    [Fact]
    public async Task ResolveAsync_HostHasTheNumber_IsNotLookedUp()
    {
        await using var host = await StartAsync();
        host.Crm.OnResolve = static (_, _) => Task.FromResult<CallerName?>(new() { Name = " ", Source = "crm", PhoneNumber = "+70000000101" });

        var caller = await ResolveAsync(host);

        (caller.Name, caller.NameSource, caller.PhoneNumber).Should().Be((null, null, "+70000000101"));
        (await ResolveAsync(host)).PhoneNumber.Should().Be("+70000000101", "it is cached");
        (_numbers.Calls, host.Crm.Calls).Should().Be((0, 1));
    }

    [Theory]
    [InlineData("70000000101@c.us")]
    [InlineData("10000001")]
    [InlineData("120363000000000001@g.us")]
    public async Task ResolveAsync_OtherThanLinkedId_LooksUpNoNumber(string chatId)
    {
        await using var host = await StartAsync();

        await host.Names.ResolveAsync(1, new() { ChatId = ChatId.Parse(chatId) }, isRinging: true, CancellationToken.None);

        _numbers.Calls.Should().Be(0);
    }

    [Fact]
    public async Task ResolveAsync_NumberUnavailable_IsNotCachedAndNotAwaited()
    {
        await using var host = await StartAsync();
        _numbers.OnResolve = static _ => throw new CallerNameUnavailableException("The budget is used up.");

        (await ResolveAsync(host)).PhoneNumber.Should().BeNull();
        host.Names.GetStatus(1, Lid).Should().Be(CallerNameStatus.Unavailable);
        await ResolveAsync(host);

        _numbers.Calls.Should().Be(2);
        host.LogsOf(1030).Should().BeEmpty();
    }

    [Fact]
    public async Task ResolveAsync_NumberResolverFails_IsPausedAndLoggedAndTheNameIsFound()
    {
        await using var host = await StartAsync();
        host.Crm.Return("Ivan");
        _numbers.OnResolve = static _ => throw new InvalidOperationException("no answer for 70000000101");

        (await ResolveAsync(host)).Name.Should().Be("Ivan");
        await ResolveAsync(host);

        _numbers.Calls.Should().Be(1, "the resolver is paused");
        host.LogsOf(1030).Should().ContainSingle().Which.Message.Should().Contain("ICallerNumberResolver").And.NotContain("70000000101");
    }

    [Fact]
    public async Task GetStatus_NameOrNumberPending_IsUnknownUntilBothHaveEnded()
    {
        await using var host = await StartAsync();
        var number = _numbers.Block();
        host.Crm.Return("Ivan");
        host.Names.StartLookup(1, Lid, isRinging: false);
        await _numbers.WaitForCallAsync();
        host.Names.GetStatus(1, Lid).Should().Be(CallerNameStatus.Unknown);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Names.LookupEnded += _ => ended.SetResult();

        number.SetResult(new() { PhoneNumber = "+70000000101", CacheDuration = Day });
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(10));

        host.Names.GetStatus(1, Lid).Should().Be(CallerNameStatus.Known);
        var known = host.Names.WithKnownDetails(1, Lid);
        (known.Name, known.PhoneNumber).Should().Be(("Ivan", "+70000000101"));
    }

    [Fact]
    public async Task NumberFound_ResultIsStoredAndRestored_SendsNoSecondRequest()
    {
        CachedCallerNumber stored;
        await using (var host = await StartAsync())
        {
            _numbers.Return(null, Day);
            var found = new ConcurrentQueue<CachedCallerNumber>();
            host.Names.NumberFound += found.Enqueue;
            await ResolveAsync(host);
            stored = found.Should().ContainSingle().Which;
        }

        (stored.IdInstance, stored.ChatId, stored.PhoneNumber, stored.ExpiresAt).Should().Be((1L, Lid.ChatId!.Value, (string?)null, TestHost.Now + Day));
        stored.ToString().Should().Be("•••••••••••0001@lid");
        await using var next = await StartAsync();
        next.Names.RestoreNumber(stored);
        await ResolveAsync(next);

        _numbers.Calls.Should().Be(1);
    }

    [Fact]
    public async Task ResolveAsync_NumberIsFoundBeforeTheName_EndsPartly()
    {
        await using var host = await StartAsync(builder => builder.Services.AddKeyedSingleton<ICallerNameResolver, FallbackContacts>(ICallerNameResolver.FallbackKey));
        var name = ((FallbackContacts)host.Host.Services.GetRequiredKeyedService<ICallerNameResolver>(ICallerNameResolver.FallbackKey)).Block();
        _numbers.Return("+70000000101", Day);

        var pending = host.Names.Resolve(1, Lid);
        await pending.PartlyEnded.WaitAsync(TimeSpan.FromSeconds(10));
        pending.Result.IsCompleted.Should().BeFalse();
        host.Names.WithKnownDetails(1, Lid).PhoneNumber.Should().Be("+70000000101");
        name.SetResult(ScriptedResolver.NameOf("Ivan"));

        var caller = await pending.Result.WaitAsync(TimeSpan.FromSeconds(10));
        (caller.Name, caller.PhoneNumber).Should().Be(("Ivan", "+70000000101"));
    }

    private static async Task<Caller> ResolveAsync(CallerNameHost host) =>
        await host.Names.ResolveAsync(1, Lid, isRinging: false, CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(10));

    private Task<CallerNameHost> StartAsync(Action<IIncomingCallsBuilder>? configure = null) => CallerNameHost.StartAsync(builder =>
    {
        builder.Services.AddSingleton<ICallerNumberResolver>(_numbers);
        configure?.Invoke(builder);
    });
}

/// <summary>A resolver of phone numbers whose answers the test determines. By default it cannot look up any.</summary>
internal sealed class ScriptedNumbers : ICallerNumberResolver
{
    private readonly SemaphoreSlim _called = new(0);
    private int _calls;

    public Func<CallerNameQuery, Task<CallerNumber?>> OnResolve { get; set; } = static _ => Task.FromResult<CallerNumber?>(null);

    /// <summary>The number of calls.</summary>
    public int Calls => Volatile.Read(ref _calls);

    public void Return(string? phoneNumber, TimeSpan cacheDuration) =>
        OnResolve = _ => Task.FromResult<CallerNumber?>(new() { PhoneNumber = phoneNumber, CacheDuration = cacheDuration });

    /// <summary>Makes every further call wait for the returned source.</summary>
    public TaskCompletionSource<CallerNumber?> Block()
    {
        var answer = new TaskCompletionSource<CallerNumber?>(TaskCreationOptions.RunContinuationsAsynchronously);
        OnResolve = _ => answer.Task;
        return answer;
    }

    /// <summary>Waits until the resolver has been called once more.</summary>
    public async Task WaitForCallAsync() => (await _called.WaitAsync(TimeSpan.FromSeconds(10))).Should().BeTrue("the resolver is called");

    public async ValueTask<CallerNumber?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        _called.Release();
        return await OnResolve(query);
    }
}
