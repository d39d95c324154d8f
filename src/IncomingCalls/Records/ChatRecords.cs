using System.Diagnostics.CodeAnalysis;
using IncomingCalls.Handling;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Records;

/// <summary>Creates the chat record of an event, with its text in the language of the instance and with the caller's name if it is known.</summary>
internal sealed class ChatRecords(CallLabelTexts texts)
{
    /// <summary>Creates the handler registration of a recorder of the host.</summary>
    public static CallHandlerRegistration CreateRegistration<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(CallHandlerOptions options)
        where T : class, IChatRecorder =>
        new(typeof(T), CallHandlerRole.Recorder, options, static (context, cancellationToken) =>
        {
            var record = context.Services.GetRequiredService<ChatRecords>().Create(context.Event);
            return context.Services.GetRequiredService<T>().RecordAsync(record, cancellationToken);
        });

    public ChatRecord Create(CallEvent callEvent) => new()
    {
        EventId = callEvent.Id,
        Call = callEvent.Call,
        ChatId = callEvent.Caller.ChatId,
        Label = callEvent.Decision.Label,
        Text = texts.Create(callEvent),
        Caller = callEvent.Caller,
        Person = callEvent.Person,
        PreviousOutcome = callEvent.PreviousOutcome,
        OccurredAt = callEvent.OccurredAt,
    };
}
