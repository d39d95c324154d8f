using System.Globalization;
using System.Text;
using IncomingCalls.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IncomingCalls.Tests.Inbox.InMemory;

/// <summary>What an offer allocates from its bytes to an empty handler and back, so that it grows only on purpose.</summary>
public class InMemoryInboxAllocationTests
{
    private const string AnId = "AAAA0000000000000000000000000001";

    private readonly byte[] _offer = PayloadFiles.Read("offered/e01-documented-offer");
    private int _calls;

    [Fact]
    public async Task AcceptAsync_Offer_StaysWithinTheAllocationBudget()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        // As many calls as it remembers, so that no table of theirs grows while it is measured.
        builder.Services.AddIncomingCalls(options => options.InMemory.MaxCalls = 100).AddHandler<EmptyHandler>();
        using var host = builder.Build();
        await host.StartAsync();
        var intake = host.Services.GetRequiredService<ICallIntake>();
        var idAt = Encoding.ASCII.GetString(_offer).IndexOf(AnId, StringComparison.Ordinal);

        // 3,040 bytes, and 96 that the runtime takes where activities are listened to, as in a run that is recorded (OUTPUT_CAPTURE_DIR).
        AllocationMeter.BytesPerCall(() => Offer(intake, idAt)).Should().BeLessThanOrEqualTo(3_136);
    }

    /// <summary>Not awaited: all of it happens on this thread, which is what is measured. The task is the test's own.</summary>
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
