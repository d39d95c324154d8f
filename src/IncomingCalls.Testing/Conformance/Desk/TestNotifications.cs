namespace IncomingCalls.Testing;

/// <summary>Notifications as the cases need them.</summary>
internal static class TestNotifications
{
    public const long IdInstance = 1101000001;

    public static IncomingCallNotification CreateCall(string? status, string id = "A", long instance = IdInstance, TimeSpan age = default) => new()
    {
        IdMessage = id,
        Instance = new() { IdInstance = instance, Wid = ChatId.Parse("70000000001@c.us"), TypeInstance = "whatsapp" },
        RawStatus = status,
        From = ChatId.Parse("70000000101@c.us"),
        Timestamp = TimeProvider.System.GetUtcNow() - age,
    };
}
