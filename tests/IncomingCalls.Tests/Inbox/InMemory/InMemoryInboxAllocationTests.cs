using System.Globalization;
using System.Text;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IncomingCalls.Tests.Inbox.InMemory;

/// <summary>Limits the allocations of an offer from its bytes to an empty handler and back, so that they do not grow unnoticed.</summary>
public class InMemoryInboxAllocationTests
{
    private const string AnId = "AAAA0000000000000000000000000001";

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

        // 3,040 bytes, and 96 that the runtime allocates when there is an activity listener, as in a run with OUTPUT_CAPTURE_DIR.
        AllocationMeter.BytesPerCall(() => Offer(intake, idAt)).Should().BeLessThanOrEqualTo(3_136);
    }

    /// <summary>The call is not awaited: everything runs synchronously on this thread, whose allocations are measured. The task belongs to the test.</summary>
    private void Offer(ICallIntake intake, int idAt)
    {
        (++_calls).TryFormat(_offer.AsSpan(idAt, AnId.Length), out _, "X32", CultureInfo.InvariantCulture);
        if (intake.AcceptAsync(_offer).AsTask() is not { IsCompletedSuccessfully: true, Result.Outcome: IntakeOutcome.Stored })
        {
            throw new InvalidOperationException("It was not handled at once.");
        }
    }

    private sealed class EmptyHandler : ICallEventHandler
    {
        public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken) => ValueTask.CompletedTask;
    }
}
