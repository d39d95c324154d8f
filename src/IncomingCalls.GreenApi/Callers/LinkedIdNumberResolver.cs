using IncomingCalls.GreenApi.Instances;
using IncomingCalls.GreenApi.Telemetry;
using IncomingCalls.Inbox;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Callers;

/// <summary>
/// Resolves the phone number of a linked id with checkWhatsapp. The plan limits the requests per month, so each linked id is requested once a day at most, and
/// no more of them than <see cref="GreenApiOptions.LinkedIdLookupsPerMonth"/>.
/// </summary>
internal sealed class LinkedIdNumberResolver(
    GreenApiClient client, ICallInstances instances, CallerRequestQueues<CallerNumber> queues, LinkedIdBudget budget, TimeProvider time, ILogger<LinkedIdNumberResolver> logger)
    : ICallerNumberResolver
{
    /// <summary>How long a number is cached, or that its owner hides it.</summary>
    private static readonly TimeSpan CacheDuration = TimeSpan.FromDays(1);

    /// <summary>How long it is cached that there is no such account, which the API has been seen to answer by mistake.</summary>
    private static readonly TimeSpan MissingCacheDuration = TimeSpan.FromHours(1);

    public async ValueTask<CallerNumber?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (query.ChatId.Kind != ChatIdKind.Lid || budget.FindLimit(query.IdInstance) == 0)
        {
            return null;
        }

        var instance = await instances.FindAsync(query.IdInstance, cancellationToken).ConfigureAwait(false);
        if (instance is null || InstanceValidator.FindProblem(instance) is not null)
        {
            return null;
        }

        if (!budget.HasRoom(instance.IdInstance))
        {
            throw CreateUsedUpException(instance.IdInstance);
        }

        if (queues.GetOrCreate(instance.IdInstance).TryEnqueue(instance, query, token => RequestNumberAsync(instance, query.ChatId, token), cancellationToken) is not { } number)
        {
            logger.LinkedIdQueueFull(query.ChatId, CallerRequestQueue<CallerNumber>.Capacity, instance.IdInstance);
            throw new CallerNameUnavailableException($"{CallerRequestQueue<CallerNumber>.Capacity} phone number requests of instance {instance.IdInstance} are already queued.");
        }

        return await number.ConfigureAwait(false);
    }

    private async Task<CallerAnswer<CallerNumber>> RequestNumberAsync(CallInstance instance, ChatId chatId, CancellationToken cancellationToken)
    {
        // Counted when the request is sent: what a pause rejects or the host cancels costs nothing.
        if (!budget.TryTake(instance.IdInstance))
        {
            throw CreateUsedUpException(instance.IdInstance);
        }

        GreenApiResult<GreenApiAccount> result;
        try
        {
            result = await client.CheckWhatsappAsync(instance, chatId, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // A handler that the host has added to the HTTP client failed. The message may contain the address and therefore the token.
            return new() { Failure = e.GetType().Name };
        }

        return result.Status switch
        {
            GreenApiStatus.Ok => new() { Value = ToNumber(result.Value!, chatId) },
            GreenApiStatus.BadRequest => new() { Value = new() { CacheDuration = MissingCacheDuration } },
            // A failure, because a missing number would be cached for a day.
            _ => new() { Failure = result.ToString(), Pause = CallerRequestPause.FindDuration(result.Status, budget.NextMonth - time.GetUtcNow()) },
        };
    }

    private static CallerNumber ToNumber(GreenApiAccount account, ChatId chatId) =>
        // The number of another linked id than the requested one would be shown for the wrong person.
        !account.Exists || (account.LinkedId is { } other && !other.Value.Equals(chatId.Value, StringComparison.OrdinalIgnoreCase)) ? new() { CacheDuration = MissingCacheDuration }
        : new() { PhoneNumber = account.PhoneNumber?.PhoneNumber, CacheDuration = CacheDuration };

    private static CallerNameUnavailableException CreateUsedUpException(long idInstance) =>
        new($"The phone number requests of instance {idInstance} for this month are used up (LinkedIdLookupsPerMonth).");
}
