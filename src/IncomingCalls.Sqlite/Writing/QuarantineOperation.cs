using IncomingCalls.Inboxes;
using Microsoft.Extensions.Logging;

namespace IncomingCalls;

/// <summary>Keeps what cannot be read.</summary>
internal sealed class QuarantineOperation(QuarantinedNotification item, SqliteInboxOptions options, InboxServices services, ILogger logger) : WriteOperation
{
    private readonly TaskCompletionSource _kept = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The transport reuses its buffer when it stops waiting, which may be before the write.
    private readonly QuarantinedNotification _item = new()
    {
        Reason = item.Reason,
        Explanation = item.Explanation,
        Utf8Json = item.Utf8Json.ToArray(),
        ReceivedAt = item.ReceivedAt,
        IdInstance = item.IdInstance,
    };

    private int _dropped;

    public Task Result => _kept.Task;

    public override void Apply(InboxTransaction transaction)
    {
        transaction.Quarantine.Insert(_item);
        _dropped = transaction.Quarantine.Trim(options.MaxQuarantineItems, options.MaxQuarantineBytes);
    }

    public override void OnCommitted(ActiveCalls hand)
    {
        _kept.SetResult();
        services.ReportCommitted(_item);
        if (_dropped > 0)
        {
            logger.QuarantineDropped(_dropped, options.MaxQuarantineItems, options.MaxQuarantineBytes);
        }
    }

    public override void OnRolledBack(ActiveCalls hand, Exception reason) =>
        _kept.SetException(new CallInboxUnavailableException($"The inbox file cannot be written: {reason.Message}", reason));
}
