using System.Diagnostics.CodeAnalysis;
using IncomingCalls.Callers;
using IncomingCalls.Handling;
using IncomingCalls.Inbox;
using IncomingCalls.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls.Records;

/// <summary>Makes the chat record of an event: its text in the language of the instance, and the caller's name.</summary>
internal sealed class ChatRecords(
    CallLabelTexts texts, CallerNameService names, ICallInbox inbox, LastKnownGoodOptions<IncomingCallsOptions> options, TimeProvider time)
{
    /// <summary>
    /// Where a record is written before the acknowledgement, the calls behind it in the gateway's queue wait too, and with them
    /// their alerts. So it waits no longer than a look-up takes that is answered at once.
    /// </summary>
    private static readonly TimeSpan MaxInMemoryWait = TimeSpan.FromSeconds(2);

    /// <summary>From here on it does not wait at all, since others wait already. (The gateway's times are whole seconds.)</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(3);

    /// <summary>Registers a recorder of the host as a handler.</summary>
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
        var caller = await WithNameAsync(callEvent, cancellationToken).ConfigureAwait(false);
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

    /// <summary>A record is read for years, so it waits a little for the name; an alert does not.</summary>
    private async ValueTask<Caller> WithNameAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        var finding = names.ResolveAsync(callEvent.Call.Key.IdInstance, callEvent.Caller, callEvent.IsLive, cancellationToken);
        if (finding.IsCompletedSuccessfully)
        {
            return finding.Result;
        }

        try
        {
            return await finding.AsTask().WaitAsync(WaitFor(callEvent), time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return callEvent.Caller;
        }
    }

    private TimeSpan WaitFor(CallEvent callEvent)
    {
        var wait = options.CurrentValue.CallerNameWait;
        return inbox.IsDurable ? wait
            : callEvent.ReceivedAt - callEvent.OccurredAt >= Late ? TimeSpan.Zero
            : wait < MaxInMemoryWait ? wait : MaxInMemoryWait;
    }
}
