using IncomingCalls;

namespace Fragments;

#region recorder
internal sealed class CrmTimeline(ICrm crm) : IChatRecorder
{
    // Delivery is at least once: with the event id as the key, the write is idempotent.
    public async ValueTask RecordAsync(ChatRecord record, CancellationToken cancellationToken) =>
        await crm.UpsertAsync(record.EventId, new { record.ChatId, record.Text, record.OccurredAt }, cancellationToken);
}
#endregion

#region notifier
internal sealed class DeskAlerts(ICrm crm) : IOperatorNotifier
{
    public async ValueTask RaiseAsync(OperatorAlert alert, CancellationToken cancellationToken) =>
        await crm.ShowAsync(alert.EventId, $"{alert.Caller.DisplayName} rings", cancellationToken);

    // The caller's name was found after the alert was raised.
    public ValueTask UpdateAsync(OperatorAlert alert, CancellationToken cancellationToken) => RaiseAsync(alert, cancellationToken);

    // The call was answered or ended, or the alert expired.
    public async ValueTask WithdrawAsync(OperatorAlert alert, CancellationToken cancellationToken) =>
        await crm.HideAsync(alert.EventId, cancellationToken);
}
#endregion

#region names
internal sealed class CrmContacts(ICrm crm) : ICallerNameResolver
{
    public async ValueTask<CallerName?> ResolveAsync(CallerNameQuery query, CancellationToken cancellationToken) =>
        query.ChatId.PhoneNumber is { } phone && await crm.ContactNameAsync(phone, cancellationToken) is { } name
            ? new() { Name = name, Source = "crm" }
            : null;
}
#endregion
