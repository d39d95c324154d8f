using IncomingCalls.Testing;

namespace CallDesk.Demo;

/// <summary>
/// Two clients of the demonstration who are not answered at first, in addition to its lifelike calls. The first calls again and is answered; the second is called back, which succeeds at
/// the second attempt. Both callbacks are closed then.
/// </summary>
internal static class DemoCallbacks
{
    private const string CallsAgain = "70000000111@c.us";
    private const string IsCalledBack = "70000000112@c.us";

    private static readonly TimeSpan RingTime = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>Places the calls again and again, until the token is signalled.</summary>
    /// <returns>A task that completes successfully when the token is signalled.</returns>
    public static async Task RunAsync(SimulatedInstance instance, TimeProvider time, CancellationToken cancellationToken)
    {
        instance.Settings.OutgoingCallWebhook = true;
        instance.Contacts[CallsAgain] = new() { ContactName = "Анна, салон «Астра»" };
        instance.Contacts[IsCalledBack] = new() { Name = "Lena Fischer" };
        try
        {
            while (true)
            {
                await Task.WhenAll(MissAsync(CallsAgain), MissAsync(IsCalledBack));
                await Task.Delay(Pause, time, cancellationToken);
                instance.PlaceOutgoingCall(IsCalledBack).EndUnanswered();
                var again = instance.PlaceCall(CallsAgain).Ring();
                await Task.Delay(RingTime, time, cancellationToken);
                again.Answer();
                await Task.Delay(Pause, time, cancellationToken);
                instance.PlaceOutgoingCall(IsCalledBack).EndAnswered();
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The demonstration is over.
        }

        async Task MissAsync(string from)
        {
            var call = instance.PlaceCall(from).Ring();
            await Task.Delay(RingTime, time, cancellationToken);
            call.Decline();
        }
    }
}
