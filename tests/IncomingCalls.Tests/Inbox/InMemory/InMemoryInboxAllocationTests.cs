using System.Globalization;
using System.Text;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IncomingCalls.Tests.Inbox.InMemory;

/// <summary>
/// Limits the allocations of an offer from its bytes to an empty handler and back, so that they do not grow unnoticed. Handlers run on the thread
/// pool, so the allocations of all threads are counted, and no other test may run at the same time.
/// </summary>
[Collection(nameof(InMemoryInboxAllocationTests))]
[CollectionDefinition(nameof(InMemoryInboxAllocationTests), DisableParallelization = true)]
public class InMemoryInboxAllocationTests
{
    private const string AnId = "AAAA0000000000000000000000000001";
    private const int MaxRounds = 1_000;
    private const int OffersPerRound = 200;

#if DEBUG
    // The state machines of asynchronous methods are classes.
    private const int Budget = 15_200;
#else
    // About 13,070 bytes.
    private const int Budget = 13_600;
#endif

    private readonly byte[] _offer = PayloadFiles.Read("offered/e01-documented-offer");
    private int _calls;

    [Fact]
    public async Task AcceptAsync_Offer_StaysWithinTheAllocationBudget()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        // As many calls as the inbox stores, so that none of its tables grows during the measurement.
        builder.Services.AddIncomingCalls(options => options.InMemory.MaxCalls = 100).AddHandler<EmptyHandler>();
        using var host = builder.Build();
        await host.StartAsync();
        var intake = host.Services.GetRequiredService<ICallIntake>();
        var idAt = Encoding.ASCII.GetString(_offer).IndexOf(AnId, StringComparison.Ordinal);

        // The minimum of many rounds: what the runtime and the loop of the inbox allocate meanwhile is not part of the offer. It ends with the first round within the budget, since the runtime optimizes the
        // code in the background, which takes seconds on a busy machine.
        var bytes = long.MaxValue;
        for (var round = 0; round < MaxRounds && bytes > Budget * OffersPerRound; round++)
        {
            bytes = Math.Min(bytes, await MeasureRoundAsync(intake, idAt));
        }

        (bytes / OffersPerRound).Should().BeLessThanOrEqualTo(Budget);
        await host.StopAsync();
    }

    private async Task<long> MeasureRoundAsync(ICallIntake intake, int idAt)
    {
        var before = GC.GetTotalAllocatedBytes(precise: true);
        for (var offer = 0; offer < OffersPerRound; offer++)
        {
            (++_calls).TryFormat(_offer.AsSpan(idAt, AnId.Length), out _, "X32", CultureInfo.InvariantCulture);
            await intake.AcceptAsync(_offer);
        }

        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }

    private sealed class EmptyHandler : ICallEventHandler
    {
        public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
