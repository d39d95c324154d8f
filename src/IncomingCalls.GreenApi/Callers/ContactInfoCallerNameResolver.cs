using System.Globalization;
using IncomingCalls.GreenApi.Instances;
using IncomingCalls.GreenApi.Telemetry;
using IncomingCalls.Shared;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Callers;

/// <summary>
/// Resolves the caller name with getContactInfo: the name in the phone book first, otherwise the name in the profile. It runs after all other
/// resolvers, because requests are rate limited.
/// </summary>
internal sealed class ContactInfoCallerNameResolver(
    GreenApiClient client, ICallInstances instances, ContactInfoRequestQueues queues, LastKnownGoodOptions<GreenApiOptions> options, TimeProvider time, ILogger<ContactInfoCallerNameResolver> logger)
    : ICallerNameResolver
{
    private readonly Lock _pauseLock = new();

    public async ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (!options.CurrentValue.CallerNames || query.ChatId.Kind is not (ChatIdKind.Phone or ChatIdKind.Lid or ChatIdKind.Account))
        {
            return null;
        }

        var instance = await instances.FindAsync(query.IdInstance, cancellationToken).ConfigureAwait(false);
        if (instance is null || InstanceValidator.FindProblem(instance) is not null)
        {
            return null;
        }

        var queue = queues.GetOrCreate(instance.IdInstance);
        ThrowIfPaused(queue, instance);
        if (queue.TryEnqueue(query) is not { } permit)
        {
            logger.CallerNameQueueFull(query.ChatId, ContactInfoRequestQueue.Capacity, instance.IdInstance);
            throw new CallerNameUnavailableException($"{ContactInfoRequestQueue.Capacity} name requests of instance {instance.IdInstance} are already queued.");
        }

        await permit.WaitAsync(cancellationToken).ConfigureAwait(false);
        // A pause that began in the meantime applies to all queued queries, so that they send no request.
        ThrowIfPaused(queue, instance);
        return await RequestNameAsync(queue, instance, query, cancellationToken).ConfigureAwait(false);
    }

    private void ThrowIfPaused(ContactInfoRequestQueue queue, CallInstance instance)
    {
        if (IsPaused(queue, instance))
        {
            throw new CallerNameUnavailableException($"Caller name requests of instance {instance.IdInstance} are paused. Log event 3030 (CallerNamesPaused) contains the reason and the end of the pause.");
        }
    }

    private bool IsPaused(ContactInfoRequestQueue queue, CallInstance instance) => queue.Pause?.AppliesTo(instance, time.GetUtcNow()) == true;

    private async ValueTask<CallerName?> RequestNameAsync(ContactInfoRequestQueue queue, CallInstance instance, CallerNameQuery query, CancellationToken cancellationToken)
    {
        var result = await client.GetContactInfoAsync(instance, query.ChatId, cancellationToken).ConfigureAwait(false);
        if (ContactInfoPause.FindDuration(result.Status, options.CurrentValue.CallerNameQuotaPause) is { } duration)
        {
            Pause(queue, instance, duration, result.ToString());
            throw new CallerNameUnavailableException($"getContactInfo of instance {instance.IdInstance} returned {result}.");
        }

        return result.Status switch
        {
            GreenApiStatus.Ok => SelectName(result.Value!, query.ChatId),
            GreenApiStatus.BadRequest => null,
            // An exception, because a missing name would be cached for minutes, while this failure may be transient.
            _ => throw new HttpRequestException($"getContactInfo of instance {instance.IdInstance} returned {result}."),
        };
    }

    /// <summary>Starts a pause. Concurrent requests are rejected together, so only the first of them starts and logs the pause.</summary>
    private void Pause(ContactInfoRequestQueue queue, CallInstance instance, TimeSpan duration, string result)
    {
        var until = time.GetUtcNow() + duration;
        lock (_pauseLock)
        {
            if (IsPaused(queue, instance))
            {
                return;
            }

            queue.Pause = new(instance, until);
        }

        logger.CallerNamesPaused(instance.IdInstance, until, result);
    }

    private static CallerName? SelectName(GreenApiContact contact, ChatId chatId) =>
        contact.ContactName is { } contactName ? new() { Name = contactName, Source = "contactName" }
        : contact.Name is { } name ? new() { Name = name, Source = "name" }
        : FindPhoneNumber(contact, chatId) is { } number ? new() { Name = number, Source = "phoneNumber", IsFallback = true }
        : null;

    /// <summary>
    /// Finds the phone number of an account as a fallback name. MAX and Telegram may provide the number of an account whose id is not a phone
    /// number. WhatsApp ids already are phone numbers, and a number for a linked id is not trusted, because a linked id hides the number.
    /// </summary>
    private static string? FindPhoneNumber(GreenApiContact contact, ChatId chatId) =>
        chatId.Kind == ChatIdKind.Account && contact.PhoneNumber is { } digits
            ? ChatId.Parse(string.Create(CultureInfo.InvariantCulture, $"{digits}@c.us")).PhoneNumber
            : null;
}

/// <summary>A pause of the caller name requests of an instance, started by a response that applies to all callers.</summary>
internal sealed class ContactInfoPause(CallInstance instance, DateTimeOffset until)
{
    /// <summary>Whether the pause still applies. Another token or address ends it.</summary>
    public bool AppliesTo(CallInstance current, DateTimeOffset now) =>
        now < until && current.ApiTokenInstance == instance.ApiTokenInstance && current.ApiUrl == instance.ApiUrl;

    /// <summary>Finds how long a status pauses the requests for all callers of the instance; null when it applies to one caller only.</summary>
    /// <param name="status">The status of the response.</param>
    /// <param name="quotaPause">The pause when a quota is exhausted: see <see cref="GreenApiOptions.CallerNameQuotaPause"/>.</param>
    public static TimeSpan? FindDuration(GreenApiStatus status, TimeSpan quotaPause) => status switch
    {
        GreenApiStatus.RateLimited => TimeSpan.FromSeconds(10),
        GreenApiStatus.NotAuthorized or GreenApiStatus.Starting => TimeSpan.FromMinutes(1),
        GreenApiStatus.Unauthorized or GreenApiStatus.Forbidden or GreenApiStatus.NotFound or GreenApiStatus.Expired => TimeSpan.FromMinutes(10),
        GreenApiStatus.QuotaExceeded or GreenApiStatus.ContactLimitReached => quotaPause,
        _ => null,
    };
}
