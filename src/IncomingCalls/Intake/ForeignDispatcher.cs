using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace IncomingCalls;

/// <summary>Gives notifications of other types to the host, before they are acknowledged.</summary>
internal sealed class ForeignDispatcher(
    IEnumerable<ForeignHandlerRegistration> registrations,
    IServiceScopeFactory scopes,
    LastValid<IncomingCallsOptions> options,
    TimeProvider time,
    CallMetrics metrics,
    ILogger<ForeignDispatcher> logger)
{
    /// <summary>Types are few; the bound is for a sender who makes them up.</summary>
    private const int MaxTypesTold = 100;

    /// <summary>How long the gateway sends what is not acknowledged: what was not seen for as long does not come again.</summary>
    private static readonly TimeSpan GatewayRepeats = TimeSpan.FromHours(24);

    private readonly ForeignHandlerRegistration[] _handlers = [.. registrations];
    private readonly ConcurrentDictionary<string, bool> _told = new();
    private readonly ExpiringMemory<string, ForeignDelivery> _failing = new(time, () => 1_000, delivery => delivery.Turn.CurrentCount == 1);

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

        var type = Shown(reading.Type!);
        if (_told.Count < MaxTypesTold && _told.TryAdd(type, true))
        {
            logger.ForeignType(type);
        }

        return ValueTask.CompletedTask;
    }

    private async ValueTask DispatchAsync(ForeignNotification notification)
    {
        var key = Convert.ToHexString(SHA256.HashData(notification.Utf8Json.Span));
        var delivery = _failing.Renew(key, static _ => new(), GatewayRepeats);
        await delivery.Turn.WaitAsync().ConfigureAwait(false);
        try
        {
            var failed = await RunAsync(notification, delivery).ConfigureAwait(false);
            if (failed.Count > 0 && !IsGivenUp(notification, delivery, failed))
            {
                throw new CallInboxUnavailableException(
                    $"A notification of type {Shown(notification.Type)} is not handled yet: {string.Join(", ", failed)} did not succeed. The gateway sends it again.");
            }

            _failing.Forget(key);
        }
        finally
        {
            delivery.Turn.Release();
        }
    }

    private async ValueTask<List<string>> RunAsync(ForeignNotification notification, ForeignDelivery delivery)
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

    private async ValueTask<bool> TryAsync(ForeignHandlerRegistration handler, ForeignNotification notification, CancellationToken budget)
    {
        try
        {
            var limit = options.CurrentValue.HandlerTimeLimit;
            using var timer = new TimeLimit(limit, time, budget);
            await Overtime.WaitAsync(
                RunInScopeAsync(handler, notification, timer.Token),
                limit,
                time,
                () => logger.HandlerAbandoned(handler.Name, Overtime.Grace.TotalSeconds, Shown(notification.Type)),
                e => logger.AbandonedHandlerFailed(handler.Name, Shown(notification.Type), e)).ConfigureAwait(false);
            return true;
        }
        catch (Exception e)
        {
            logger.ForeignHandlerFailed(handler.Name, Shown(notification.Type), e);
            return false;
        }
    }

    private async ValueTask RunInScopeAsync(ForeignHandlerRegistration handler, ForeignNotification notification, CancellationToken cancellationToken)
    {
        var scope = scopes.CreateAsyncScope();
        await using var disposal = scope.ConfigureAwait(false);
        await handler.Resolve(scope.ServiceProvider).HandleAsync(notification, cancellationToken).ConfigureAwait(false);
    }

    private bool IsGivenUp(ForeignNotification notification, ForeignDelivery delivery, List<string> failed)
    {
        if (!delivery.Patience.RunsOut(options.CurrentValue, time.GetUtcNow()))
        {
            return false;
        }

        logger.GivenUp($"A notification of type {Shown(notification.Type)}", delivery.Patience.Failures, string.Join(", ", failed));
        failed.ForEach(metrics.GivenUp);
        return true;
    }

    /// <summary>A type is a word. Whatever else a sender writes there, a number or a forged line, stays out of the log.</summary>
    private static string Shown(string type) => type.Length <= 40 && type.All(char.IsAsciiLetter) ? type : "(not a word)";
}
