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
    GreenApiClient client, ICallInstances instances, CallerRequestQueues<CallerName> queues, LastKnownGoodOptions<GreenApiOptions> options, ILogger<ContactInfoCallerNameResolver> logger)
    : ICallerNameResolver
{
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

        if (queues.GetOrCreate(instance.IdInstance).TryEnqueue(instance, query, token => RequestNameAsync(instance, query.ChatId, token), cancellationToken) is not { } name)
        {
            logger.CallerNameQueueFull(query.ChatId, CallerRequestQueue<CallerName>.Capacity, instance.IdInstance);
            throw new CallerNameUnavailableException($"{CallerRequestQueue<CallerName>.Capacity} name requests of instance {instance.IdInstance} are already queued.");
        }

        return await name.ConfigureAwait(false);
    }

    private async Task<CallerAnswer<CallerName>> RequestNameAsync(CallInstance instance, ChatId chatId, CancellationToken cancellationToken)
    {
        GreenApiResult<GreenApiContact> result;
        try
        {
            result = await client.GetContactInfoAsync(instance, chatId, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // A handler that the host has added to the HTTP client failed. The message may contain the address and therefore the token.
            return new() { Failure = e.GetType().Name };
        }

        return result.Status switch
        {
            GreenApiStatus.Ok => new() { Value = SelectName(result.Value!, chatId) },
            GreenApiStatus.BadRequest => default,
            // A failure, because a missing name would be cached for minutes.
            _ => new() { Failure = result.ToString(), Pause = CallerRequestPause.FindDuration(result.Status, options.CurrentValue.CallerNameQuotaPause) },
        };
    }

    private static CallerName? SelectName(GreenApiContact contact, ChatId chatId)
    {
        var number = FindPhoneNumber(contact, chatId);
        return FindVisible(contact.ContactName) is { } contactName ? new() { Name = contactName, Source = "contactName", PhoneNumber = number }
            : FindVisible(contact.Name) is { } name ? new() { Name = name, Source = "name", PhoneNumber = number }
            : number is not null ? new() { Name = number, Source = "phoneNumber", IsFallback = true, PhoneNumber = number }
            : null;
    }

    /// <summary>Returns a name, or null if it has no visible character: the caller decides that.</summary>
    private static string? FindVisible(string? name) => new Caller { Name = name }.Name;

    /// <summary>
    /// Finds the phone number of an account, which is also its fallback name. MAX and Telegram may provide the number of an account whose id is not a phone
    /// number. WhatsApp ids already are phone numbers, and a number for a linked id is not trusted, because a linked id hides the number.
    /// </summary>
    private static string? FindPhoneNumber(GreenApiContact contact, ChatId chatId) =>
        chatId.Kind == ChatIdKind.Account && contact.PhoneNumber is { } digits
            ? ChatId.Parse(string.Create(CultureInfo.InvariantCulture, $"{digits}@c.us")).PhoneNumber
            : null;
}
