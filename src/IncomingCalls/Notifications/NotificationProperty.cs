namespace IncomingCalls;

/// <summary>The properties of a notification that we read.</summary>
internal enum NotificationProperty
{
    Other = 0,
    TypeWebhook,
    IdMessage,
    From,
    Status,
    Timestamp,
    Duration,
    IsVideo,
    Participants,
    InstanceData,
    IdInstance,
    Wid,
    TypeInstance,
    ReceiptId,
    Body,
    Id,
}
