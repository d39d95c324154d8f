using System.Diagnostics.CodeAnalysis;
using IncomingCalls.Callers;
using IncomingCalls.Handling;
using IncomingCalls.Inbox;
using IncomingCalls.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Records;

/// <summary>Creates the chat record of an event, with its text in the language of the instance and with the caller's name.</summary>
internal sealed class ChatRecords(
    CallLabelTexts texts, CallerNameService names, ICallInbox inbox, LastKnownGoodOptions<IncomingCallsOptions> options, TimeProvider time)
{
    /// <summary>
    /// The maximum time to wait for the caller's name with an inbox that is not durable. The record is written before the acknowledgement
    /// there, so the calls behind it in the gateway's queue wait too, and with them their alerts. The limit covers a lookup that is answered at once.
    /// </summary>
    private static readonly TimeSpan MaxInMemoryWait = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The minimum lag at which a record does not wait for the name with such an inbox, because other notifications are already waiting. The
    /// gateway's timestamps are whole seconds.
    /// </summary>
    private static readonly TimeSpan LateAfter = TimeSpan.FromSeconds(3);

    /// <summary>Creates the handler registration of a recorder of the host.</summary>
    public static CallHandlerRegistration CreateRegistration<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(string? name)
        where T : class, IChatRecorder =>
        new(typeof(T), CallHandlerRole.Recorder, new() { Name = name }, static async (context, cancellationToken) =>
        {
            var records = context.Services.GetRequiredService<ChatRecords>();
            var record = await records.CreateAsync(context.Event, cancellationToken).ConfigureAwait(false);
            await context.Services.GetRequiredService<T>().RecordAsync(record, cancellationToken).ConfigureAwait(false);
        });

    public async ValueTask<ChatRecord> CreateAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        var caller = await ResolveNameAsync(callEvent, cancellationToken).ConfigureAwait(false);
        return new()
        {
            EventId = callEvent.Id,
            Call = callEvent.Call with { Caller = caller },
            ChatId = caller.ChatId,
            Label = callEvent.Decision.Label,
            Text = texts.Get(callEvent.Decision.Label, callEvent.Call.Key.IdInstance),
            Caller = caller,
            PreviousOutcome = callEvent.PreviousOutcome,
            OccurredAt = callEvent.OccurredAt,
        };
    }

    /// <summary>Waits for the caller's name for a limited time, because a record is permanent. An alert does not wait.</summary>
    private async ValueTask<Caller> ResolveNameAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        var lookup = names.ResolveAsync(callEvent.Call.Key.IdInstance, callEvent.Caller, callEvent.IsLive, cancellationToken);
        if (lookup.IsCompletedSuccessfully)
        {
            return lookup.Result;
        }

        try
        {
            return await lookup.AsTask().WaitAsync(MaxWait(callEvent), time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return callEvent.Caller;
        }
    }

    private TimeSpan MaxWait(CallEvent callEvent)
    {
        var wait = options.CurrentValue.CallerNameWait;
        return inbox.IsDurable ? wait
            : callEvent.ReceivedAt - callEvent.OccurredAt >= LateAfter ? TimeSpan.Zero
            : wait < MaxInMemoryWait ? wait : MaxInMemoryWait;
    }
}
