
namespace IncomingCalls;

/// <summary>Makes the chat record of an event: its text in the language of the instance, and the caller's name.</summary>
internal sealed class ChatRecords(
    CallLabelTexts texts, CallerNames names, LastValidOptions options, TimeProvider time)
{
    public async ValueTask<ChatRecord> CreateAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        var caller = await NamedAsync(callEvent, cancellationToken).ConfigureAwait(false);
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
    private async ValueTask<Caller> NamedAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        var finding = names.FindAsync(callEvent.Call.Key.IdInstance, callEvent.Caller, callEvent.IsLive, cancellationToken);
        if (finding.IsCompletedSuccessfully)
        {
            return finding.Result;
        }

        try
        {
            return await finding.AsTask().WaitAsync(options.CurrentValue.NameWait, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            return callEvent.Caller;
        }
    }
}
