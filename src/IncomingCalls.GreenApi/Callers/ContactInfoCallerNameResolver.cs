using System.Globalization;
using IncomingCalls.GreenApi.Instances;
using IncomingCalls.GreenApi.Telemetry;
using IncomingCalls.Shared;
using Microsoft.Extensions.Logging;

namespace IncomingCalls.GreenApi.Callers;

/// <summary>
/// Asks the messenger for the caller's name: the one in the phone book first, else the one of the profile. The last of all
/// resolvers, because requests are rationed.
/// </summary>
internal sealed class ContactInfoCallerNameResolver(
    GreenApiClient client, ICallInstances instances, ContactInfoRequestQueues lines, LastKnownGoodOptions<GreenApiOptions> options, TimeProvider time, ILogger<ContactInfoCallerNameResolver> logger)
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

        var line = lines.GetOrCreate(instance.IdInstance);
        ThrowIfPaused(line, instance);
        if (line.TryEnqueue(query) is not { } turn)
        {
            logger.CallerNameQueueFull(query.ChatId, ContactInfoRequestQueue.Capacity, instance.IdInstance);
            throw new CallerNameUnavailableException($"{ContactInfoRequestQueue.Capacity} callers of instance {instance.IdInstance} wait for their names already.");
        }

        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        // What stopped the one before stops those behind, without a request each.
        ThrowIfPaused(line, instance);
        return await RequestNameAsync(line, instance, query, cancellationToken).ConfigureAwait(false);
    }

    private void ThrowIfPaused(ContactInfoRequestQueue line, CallInstance instance)
    {
        if (IsPaused(line, instance))
        {
            throw new CallerNameUnavailableException($"Instance {instance.IdInstance} is asked for no names for a while: the log says since when and why.");
        }
    }

    private bool IsPaused(ContactInfoRequestQueue line, CallInstance instance) => line.Pause?.AppliesTo(instance, time.GetUtcNow()) == true;

    private async ValueTask<CallerName?> RequestNameAsync(ContactInfoRequestQueue line, CallInstance instance, CallerNameQuery query, CancellationToken cancellationToken)
    {
        var answer = await client.GetContactInfoAsync(instance, query.ChatId, cancellationToken).ConfigureAwait(false);
        if (ContactInfoPause.FindDuration(answer.Status, options.CurrentValue.CallerNameQuotaPause) is { } length)
        {
            Pause(line, instance, length, answer.ToString());
            throw new CallerNameUnavailableException($"getContactInfo of instance {instance.IdInstance} was answered {answer}.");
        }

        return answer.Status switch
        {
            GreenApiStatus.Ok => SelectName(answer.Value!, query.ChatId),
            GreenApiStatus.BadRequest => null,
            // An exception, because "no name" would be remembered for minutes, and this may be over in a moment.
            _ => throw new HttpRequestException($"getContactInfo of instance {instance.IdInstance} was answered {answer}."),
        };
    }

    /// <summary>Requests that were under way together are refused together: the first of them tells it.</summary>
    private void Pause(ContactInfoRequestQueue line, CallInstance instance, TimeSpan length, string answer)
    {
        var until = time.GetUtcNow() + length;
        lock (_pauseLock)
        {
            if (IsPaused(line, instance))
            {
                return;
            }

            line.Pause = new(instance, until);
        }

        logger.CallerNamesPaused(instance.IdInstance, until, answer);
    }

    private static CallerName? SelectName(GreenApiContact contact, ChatId chatId) =>
        contact.ContactName is { } contactName ? new() { Name = contactName, Source = "contactName" }
        : contact.Name is { } name ? new() { Name = name, Source = "name" }
        : FindPhoneNumber(contact, chatId) is { } number ? new() { Name = number, Source = "phoneNumber", IsFallback = true }
        : null;

    /// <summary>
    /// MAX and Telegram may tell the number of an account, whose id says nothing to anybody. WhatsApp's ids are numbers already, and
    /// no number is believed for a linked id, which hides one.
    /// </summary>
    private static string? FindPhoneNumber(GreenApiContact contact, ChatId chatId) =>
        chatId.Kind == ChatIdKind.Account && contact.PhoneNumber is { } digits
            ? ChatId.Parse(string.Create(CultureInfo.InvariantCulture, $"{digits}@c.us")).PhoneNumber
            : null;
}

/// <summary>A time during which nobody's name is asked for, because the last answer said that it makes no sense.</summary>
internal sealed class ContactInfoPause(CallInstance instance, DateTimeOffset until)
{
    /// <summary>Whether it still holds; another token or address starts afresh.</summary>
    public bool AppliesTo(CallInstance current, DateTimeOffset now) =>
        now < until && current.ApiTokenInstance == instance.ApiTokenInstance && current.ApiUrl == instance.ApiUrl;

    /// <summary>How long an answer speaks for all callers of the instance; null when it speaks for one only.</summary>
    /// <param name="status">The answer.</param>
    /// <param name="usedUp">How long, when a quota is used up: see <see cref="GreenApiOptions.CallerNameQuotaPause"/>.</param>
    public static TimeSpan? FindDuration(GreenApiStatus status, TimeSpan usedUp) => status switch
    {
        GreenApiStatus.RateLimited => TimeSpan.FromSeconds(10),
        GreenApiStatus.NotAuthorized or GreenApiStatus.Starting => TimeSpan.FromMinutes(1),
        GreenApiStatus.Unauthorized or GreenApiStatus.Forbidden or GreenApiStatus.NotFound or GreenApiStatus.Expired => TimeSpan.FromMinutes(10),
        GreenApiStatus.QuotaExceeded or GreenApiStatus.ContactLimitReached => usedUp,
        _ => null,
    };
}
