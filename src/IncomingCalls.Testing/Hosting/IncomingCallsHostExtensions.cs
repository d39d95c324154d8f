using IncomingCalls.Inbox;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace IncomingCalls.Testing;

/// <summary>Extension methods for tests that wait until the handlers of their host have run.</summary>
public static class IncomingCallsHostExtensions
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);

    /// <summary>How often the inbox is asked. Reading the statistics of an inbox file takes about a millisecond.</summary>
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(10);

    /// <inheritdoc cref="WaitUntilIdleAsync(IServiceProvider, TimeSpan?, CancellationToken)"/>
    /// <param name="host">The host under test, which has been started.</param>
    /// <param name="timeout">The maximum time to wait, in real time; null for 30 seconds.</param>
    /// <param name="cancellationToken">The token that cancels the wait.</param>
    public static Task WaitUntilIdleAsync(this IHost host, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(host);
        return host.Services.WaitUntilIdleAsync(timeout, cancellationToken);
    }

    /// <summary>
    /// Waits until the handlers have run for everything that the inbox has accepted: no delivery is running, due, or waiting for the caller's name.
    /// Deliveries that wait for a retry, for a redelivery by the gateway, for a pause or for a settle time are not awaited, nor is the outcome of a
    /// call that rings.
    /// </summary>
    /// <remarks>
    /// The in-memory, the SQLite and the PostgreSQL inbox support it. Notifications that are still on their way are not awaited: wait for them first, with
    /// <see cref="GreenApiSimulator.WaitUntilAcknowledgedAsync"/> or with the result of <see cref="ICallIntake.AcceptAsync(IntakeRequest, CancellationToken)"/>.
    /// A fake clock must be advanced by the test.
    /// </remarks>
    /// <param name="services">The services of the host under test, such as those of a WebApplicationFactory.</param>
    /// <param name="timeout">The maximum time to wait, in real time; null for 30 seconds.</param>
    /// <param name="cancellationToken">The token that cancels the wait.</param>
    /// <returns>A task that completes when the inbox is idle.</returns>
    /// <exception cref="InvalidOperationException">The host does not use IncomingCalls.</exception>
    /// <exception cref="NotSupportedException">The inbox does not report whether it is idle.</exception>
    /// <exception cref="TimeoutException">The inbox was not idle in time, or could not be read; the inner exception is the last failure.</exception>
    public static async Task WaitUntilIdleAsync(this IServiceProvider services, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(services);
        var inbox = services.GetService<ICallInbox>()
            ?? throw new InvalidOperationException("The host has no inbox. Call services.AddIncomingCalls(…), and pass the services of the built host.");
        var limit = timeout ?? DefaultTimeout;
        using var timeoutOrCancelled = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // Real time, because the clock of the host may not advance: this limits the duration of a test.
        timeoutOrCancelled.CancelAfter(limit);
        CallInboxUnavailableException? failure = null;
        try
        {
            while (true)
            {
                try
                {
                    if (await inbox.IsIdleAsync(timeoutOrCancelled.Token).ConfigureAwait(false))
                    {
                        return;
                    }

                    failure = null;
                }
                catch (CallInboxUnavailableException e)
                {
                    failure = e;
                }

                await Task.Delay(PollInterval, TimeProvider.System, timeoutOrCancelled.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException(
                failure is null
                    ? $"The inbox was not idle within {limit.TotalSeconds} s: a delivery is running, due, or waiting for the caller's name. With a fake clock, advance it."
                    : $"The inbox could not be read within {limit.TotalSeconds} s: {failure.Message}",
                failure);
        }
    }
}
