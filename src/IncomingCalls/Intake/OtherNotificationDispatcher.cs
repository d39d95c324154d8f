using System.Collections.Concurrent;
using System.Security.Cryptography;
using IncomingCalls.Handling;
using IncomingCalls.Infrastructure;
using IncomingCalls.Shared;
using IncomingCalls.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Intake;

/// <summary>Runs the host's handlers of other notifications, before these are acknowledged.</summary>
internal sealed class OtherNotificationDispatcher(
    IEnumerable<OtherNotificationHandlerRegistration> registrations,
    IServiceScopeFactory scopes,
    LastKnownGoodOptions<IncomingCallsOptions> options,
    TimeProvider time,
    CallMetrics metrics,
    ILogger<OtherNotificationDispatcher> logger)
{
    /// <summary>The maximum number of types that are logged. There are few types; the limit applies to a sender that invents them.</summary>
    private const int MaxLoggedTypes = 100;

    /// <summary>
    /// How long the gateway redelivers a notification that is not acknowledged. The state of a notification that was not received again within
    /// this time is discarded.
    /// </summary>
    private static readonly TimeSpan RedeliveryWindow = TimeSpan.FromHours(24);

    private readonly OtherNotificationHandlerRegistration[] _handlers = [.. registrations];
    private readonly ConcurrentDictionary<string, bool> _loggedTypes = new();
    private readonly ExpiringCache<string, OtherNotificationDelivery> _deliveries = new(time, () => 1_000, delivery => delivery.Semaphore.CurrentCount == 1);

    /// <summary>Runs the handlers that have not succeeded for the notification yet.</summary>
    /// <exception cref="CallInboxUnavailableException">A handler has not succeeded, and the notification is not given up yet.</exception>
    public ValueTask DispatchAsync(NotificationReading reading, ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        if (_handlers.Length > 0)
        {
            return DispatchAsync(new()
            {
                Type = reading.Type!,
                IdInstance = reading.IdInstance,
                IdMessage = reading.IdMessage,
                Timestamp = reading.Timestamp,
                ReceivedAt = receivedAt,
                // A copy: a handler that was abandoned after its timeout may read the bytes when the transport has reused its buffer.
                Utf8Json = body.ToArray(),
            });
        }

        var type = MaskType(reading.Type!);
        if (_loggedTypes.Count < MaxLoggedTypes && _loggedTypes.TryAdd(type, true))
        {
            logger.OtherTypeNotHandled(type);
        }

        return ValueTask.CompletedTask;
    }

    private async ValueTask DispatchAsync(OtherNotification notification)
    {
        var key = Convert.ToHexString(SHA256.HashData(notification.Utf8Json.Span));
        var delivery = _deliveries.GetOrRenew(key, static _ => new(), RedeliveryWindow);
        await delivery.Semaphore.WaitAsync().ConfigureAwait(false);
        try
        {
            var failed = await RunAsync(notification, delivery).ConfigureAwait(false);
            if (failed.Count > 0 && !TryGiveUp(notification, delivery, failed))
            {
                throw new CallInboxUnavailableException(
                    $"Handlers of a notification of type {MaskType(notification.Type)} did not succeed: {string.Join(", ", failed)}. The gateway sends the notification again.");
            }

            _deliveries.Evict(key);
        }
        finally
        {
            delivery.Semaphore.Release();
        }
    }

    private async ValueTask<List<string>> RunAsync(OtherNotification notification, OtherNotificationDelivery delivery)
    {
        List<string> failed = [];
        using var deadline = new CancellationTokenSource(options.CurrentValue.AcknowledgementTimeout, time);
        foreach (var handler in _handlers.Where(handler => !delivery.Succeeded.Contains(handler)))
        {
            if (await TryRunAsync(handler, notification, deadline.Token).ConfigureAwait(false))
            {
                delivery.Succeeded.Add(handler);
            }
            else
            {
                failed.Add(handler.Name);
            }
        }

        return failed;
    }

    private async ValueTask<bool> TryRunAsync(OtherNotificationHandlerRegistration handler, OtherNotification notification, CancellationToken deadline)
    {
        try
        {
            var timeout = options.CurrentValue.HandlerTimeout;
            using var timer = new LinkedTimeout(timeout, time, deadline);
            await HandlerWatchdog.WaitAsync(
                RunInScopeAsync(handler, notification, timer.Token),
                timeout,
                time,
                () => logger.OtherNotificationHandlerAbandoned(handler.Name, HandlerWatchdog.AbandonAfter.TotalSeconds, MaskType(notification.Type)),
                e => logger.AbandonedOtherNotificationHandlerFailed(handler.Name, MaskType(notification.Type), e)).ConfigureAwait(false);
            return true;
        }
        catch (Exception e)
        {
            logger.OtherNotificationHandlerFailed(handler.Name, MaskType(notification.Type), e);
            return false;
        }
    }

    private async ValueTask RunInScopeAsync(OtherNotificationHandlerRegistration handler, OtherNotification notification, CancellationToken cancellationToken)
    {
        var scope = scopes.CreateAsyncScope();
        await using var disposal = scope.ConfigureAwait(false);
        await handler.Resolve(scope.ServiceProvider).HandleAsync(notification, cancellationToken).ConfigureAwait(false);
    }

    private bool TryGiveUp(OtherNotification notification, OtherNotificationDelivery delivery, List<string> failed)
    {
        if (!delivery.Failures.RecordFailure(options.CurrentValue, time.GetUtcNow()))
        {
            return false;
        }

        logger.OtherNotificationGivenUp(MaskType(notification.Type), delivery.Failures.Failures, string.Join(", ", failed));
        failed.ForEach(handler => metrics.RecordGivenUp(notification.IdInstance, handler));
        return true;
    }

    /// <summary>Returns a type that is safe to log. A type is one word; anything else that a sender puts there, such as a number or a forged log line, is not logged.</summary>
    private static string MaskType(string type) => type.Length <= 40 && type.All(char.IsAsciiLetter) ? type : "(not a word)";
}

/// <summary>The progress of a notification whose handlers have not all succeeded yet.</summary>
internal sealed class OtherNotificationDelivery
{
    /// <summary>The handlers that have succeeded and are not run again.</summary>
    public HashSet<OtherNotificationHandlerRegistration> Succeeded { get; } = [];

    public DeliveryFailureTracker Failures { get; } = new();

    /// <summary>Admits one delivery at a time: a redelivery waits for the running one and runs only the remaining handlers.</summary>
    public SemaphoreSlim Semaphore { get; } = new(1, 1);
}
