using IncomingCalls.Inbox;
using IncomingCalls.Inbox.Dispatch;
using IncomingCalls.Shared;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Tests.Inbox.Dispatch;

public class HandlerSlotsTests
{
    private static readonly LaneGroup Group = new("crm", 1101000001);

    [Fact]
    public async Task AcquireAsync_AllTaken_WaitsForARelease()
    {
        await using var host = await TestHost.StartAsync(_ => { }, options => options.MaxConcurrentAttemptsPerInstance = 2);
        var slots = host.Services.GetRequiredService<HandlerSlots>();
        var first = await slots.AcquireAsync(Group, CancellationToken.None);
        await slots.AcquireAsync(Group, CancellationToken.None);

        var third = slots.AcquireAsync(Group, CancellationToken.None).AsTask();
        slots.AcquireAsync(Group with { HandlerName = "chat" }, CancellationToken.None).AsTask().IsCompletedSuccessfully.Should().BeTrue("the slots of another handler are free");
        slots.AcquireAsync(Group with { IdInstance = 1101000007 }, CancellationToken.None).AsTask().IsCompletedSuccessfully.Should().BeTrue("the slots of another instance are free");
        third.IsCompleted.Should().BeFalse();
        first.Dispose();

        await third.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task AcquireAsync_WaitCancelled_TheNextWaiterGetsTheSlot()
    {
        await using var host = await TestHost.StartAsync(_ => { }, options => options.MaxConcurrentAttemptsPerInstance = 1);
        var slots = host.Services.GetRequiredService<HandlerSlots>();
        var first = await slots.AcquireAsync(Group, CancellationToken.None);
        using var cancellation = new CancellationTokenSource();
        var cancelled = slots.AcquireAsync(Group, cancellation.Token).AsTask();
        var waiting = slots.AcquireAsync(Group, CancellationToken.None).AsTask();

        await cancellation.CancelAsync();
        await FluentActions.Awaiting(() => cancelled.WaitAsync(TimeSpan.FromSeconds(10))).Should().ThrowAsync<OperationCanceledException>();
        first.Dispose();

        await waiting.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task AcquireAsync_FreeSlotAndCancelledToken_IsAcquired()
    {
        await using var host = await TestHost.StartAsync(_ => { });

        var acquiring = host.Services.GetRequiredService<HandlerSlots>().AcquireAsync(Group, new CancellationToken(canceled: true)).AsTask();

        acquiring.IsCompletedSuccessfully.Should().BeTrue();
    }

    [Fact]
    public async Task Dispose_LastSlotOfAGroup_RemovesItSoThatANewLimitTakesEffect()
    {
        await using var host = await TestHost.StartAsync(_ => { }, options => options.MaxConcurrentAttemptsPerInstance = 1);
        var slots = host.Services.GetRequiredService<HandlerSlots>();
        (await slots.AcquireAsync(Group, CancellationToken.None)).Dispose();
        host.Services.GetRequiredService<LastKnownGoodOptions<IncomingCallsOptions>>().CurrentValue.MaxConcurrentAttemptsPerInstance = 2;

        var acquired = Enumerable.Range(0, 3).Select(_ => slots.AcquireAsync(Group, CancellationToken.None).AsTask().IsCompletedSuccessfully).ToArray();

        acquired.Should().Equal([true, true, false], "slots that were not released would still have the old limit of one");
    }
}
