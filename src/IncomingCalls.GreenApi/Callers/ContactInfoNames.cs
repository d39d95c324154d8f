using System.Globalization;
using Microsoft.Extensions.Logging;

namespace IncomingCalls;

/// <summary>
/// Asks the messenger for the caller's name: the one in the phone book first, else the one of the profile. The last of all
/// resolvers, because requests are rationed.
/// </summary>
internal sealed class ContactInfoNames(
    GreenApiClient client, ICallInstances instances, ContactLines lines, LastValid<GreenApiOptions> options, TimeProvider time, ILogger<ContactInfoNames> logger)
    : ICallerNameResolver
{
    private readonly Lock _pausing = new();

    public async ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        if (!options.CurrentValue.CallerNames || query.ChatId.Kind is not (ChatIdKind.Phone or ChatIdKind.Lid or ChatIdKind.Account))
        {
            return null;
        }

        var instance = await instances.FindAsync(query.IdInstance, cancellationToken).ConfigureAwait(false);
        if (instance is null || InstanceCheck.Complaint(instance) is not null)
        {
            return null;
        }

        var line = lines.Of(instance.IdInstance);
        ThrowIfPaused(line, instance);
        if (line.Enter(query) is not { } turn)
        {
            logger.NameQueueFull(query.ChatId, ContactLine.Capacity, instance.IdInstance);
            throw new CallerNameUnavailableException($"{ContactLine.Capacity} callers of instance {instance.IdInstance} wait for their names already.");
        }

        await turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        // What stopped the one before stops those behind, without a request each.
        ThrowIfPaused(line, instance);
        return await AskAsync(line, instance, query, cancellationToken).ConfigureAwait(false);
    }

    private void ThrowIfPaused(ContactLine line, CallInstance instance)
    {
        if (IsPaused(line, instance))
        {
            throw new CallerNameUnavailableException($"Instance {instance.IdInstance} is asked for no names for a while: the log says since when and why.");
        }
    }

    private bool IsPaused(ContactLine line, CallInstance instance) => line.Pause?.Holds(instance, time.GetUtcNow()) == true;

    private async ValueTask<CallerName?> AskAsync(ContactLine line, CallInstance instance, CallerNameQuery query, CancellationToken cancellationToken)
    {
        var answer = await client.GetContactInfoAsync(instance, query.ChatId, cancellationToken).ConfigureAwait(false);
        if (ContactPause.LengthOf(answer.Status, options.CurrentValue.CallerNamesPause) is { } length)
        {
            Pause(line, instance, length, answer.ToString());
            throw new CallerNameUnavailableException($"getContactInfo of instance {instance.IdInstance} was answered {answer}.");
        }

        return answer.Status switch
        {
            GreenApiStatus.Ok => NameOf(answer.Value!, query.ChatId),
            GreenApiStatus.BadRequest => null,
            // An exception, because "no name" would be remembered for minutes, and this may be over in a moment.
            _ => throw new HttpRequestException($"getContactInfo of instance {instance.IdInstance} was answered {answer}."),
        };
    }

    /// <summary>Requests that were under way together are refused together: the first of them tells it.</summary>
    private void Pause(ContactLine line, CallInstance instance, TimeSpan length, string answer)
    {
        var until = time.GetUtcNow() + length;
        lock (_pausing)
        {
            if (IsPaused(line, instance))
            {
                return;
            }

            line.Pause = new(instance, until);
        }

        logger.NamesPaused(instance.IdInstance, until, answer);
    }

    private static CallerName? NameOf(GreenApiContact contact, ChatId chatId) =>
        contact.ContactName is { } contactName ? new() { Name = contactName, Source = "contactName" }
        : contact.Name is { } name ? new() { Name = name, Source = "name" }
        : PhoneNumberOf(contact, chatId) is { } number ? new() { Name = number, Source = "phoneNumber", IsStandIn = true }
        : null;

    /// <summary>
    /// MAX and Telegram may tell the number of an account, whose id says nothing to anybody. WhatsApp's ids are numbers already, and
    /// no number is believed for a linked id, which hides one.
    /// </summary>
    private static string? PhoneNumberOf(GreenApiContact contact, ChatId chatId) =>
        chatId.Kind == ChatIdKind.Account && contact.PhoneNumber is { } digits
            ? ChatId.Parse(string.Create(CultureInfo.InvariantCulture, $"{digits}@c.us")).PhoneNumber
            : null;
}
