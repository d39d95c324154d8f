using System.Collections.Concurrent;
using System.Security.Cryptography;
using IncomingCalls.Handling;
using IncomingCalls.Infrastructure;
using IncomingCalls.Shared;
using IncomingCalls.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.Intake;

/// <summary>Gives notifications of other types to the host, before they are acknowledged.</summary>
internal sealed class OtherNotificationDispatcher(
    IEnumerable<OtherNotificationHandlerRegistration> registrations,
    IServiceScopeFactory scopes,
    LastKnownGoodOptions<IncomingCallsOptions> options,
    TimeProvider time,
    CallMetrics metrics,
    ILogger<OtherNotificationDispatcher> logger)
{
    /// <summary>Types are few; the bound is for a sender who makes them up.</summary>
    private const int MaxLoggedTypes = 100;

    /// <summary>How long the gateway sends what is not acknowledged: what was not seen for as long does not come again.</summary>
    private static readonly TimeSpan GatewayRepeats = TimeSpan.FromHours(24);

    private readonly OtherNotificationHandlerRegistration[] _handlers = [.. registrations];
    private readonly ConcurrentDictionary<string, bool> _loggedTypes = new();
    private readonly ExpiringCache<string, OtherNotificationDelivery> _failing = new(time, () => 1_000, delivery => delivery.Semaphore.CurrentCount == 1);

    /// <exception cref="CallInboxUnavailableException">A handler has not succeeded.</exception>
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
                // A handler that overstays its time limit reads on while the transport already reuses its buffer.
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
        var delivery = _failing.GetOrRenew(key, static _ => new(), GatewayRepeats);
        await delivery.Semaphore.WaitAsync().ConfigureAwait(false);
        try
        {
            var failed = await RunAsync(notification, delivery).ConfigureAwait(false);
            if (failed.Count > 0 && !TryGiveUp(notification, delivery, failed))
            {
                throw new CallInboxUnavailableException(
                    $"A notification of type {MaskType(notification.Type)} is not handled yet: {string.Join(", ", failed)} did not succeed. The gateway sends it again.");
            }

            _failing.Evict(key);
        }
        finally
        {
            delivery.Semaphore.Release();
        }
    }

    private async ValueTask<List<string>> RunAsync(OtherNotification notification, OtherNotificationDelivery delivery)
    {
        List<string> failed = [];
        using var budget = new CancellationTokenSource(options.CurrentValue.AcknowledgementTimeout, time);
        foreach (var handler in _handlers.Where(handler => !delivery.Succeeded.Contains(handler)))
        {
            if (await TryAsync(handler, notification, budget.Token).ConfigureAwait(false))
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

    private async ValueTask<bool> TryAsync(OtherNotificationHandlerRegistration handler, OtherNotification notification, CancellationToken budget)
    {
        try
        {
            var limit = options.CurrentValue.HandlerTimeout;
            using var timer = new LinkedTimeout(limit, time, budget);
            await HandlerWatchdog.WaitAsync(
                RunInScopeAsync(handler, notification, timer.Token),
                limit,
                time,
                () => logger.HandlerAbandoned(handler.Name, HandlerWatchdog.AbandonAfter.TotalSeconds, MaskType(notification.Type)),
                e => logger.AbandonedHandlerFailed(handler.Name, MaskType(notification.Type), e)).ConfigureAwait(false);
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

        logger.DeliveryGivenUp($"A notification of type {MaskType(notification.Type)}", delivery.Failures.Failures, string.Join(", ", failed));
        failed.ForEach(metrics.RecordGivenUp);
        return true;
    }

    /// <summary>A type is a word. Whatever else a sender writes there, a number or a forged line, stays out of the log.</summary>
    private static string MaskType(string type) => type.Length <= 40 && type.All(char.IsAsciiLetter) ? type : "(not a word)";
}

/// <summary>A foreign notification whose handlers have not all succeeded yet.</summary>
internal sealed class OtherNotificationDelivery
{
    /// <summary>The handlers that have, and are not run again.</summary>
    public HashSet<OtherNotificationHandlerRegistration> Succeeded { get; } = [];

    public DeliveryFailureTracker Failures { get; } = new();

    /// <summary>One delivery at a time: a repeat waits for the one under way and does only what is left.</summary>
    public SemaphoreSlim Semaphore { get; } = new(1, 1);
}
