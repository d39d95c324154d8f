namespace IncomingCalls.Tests.Hosting;

/// <summary>Notifications as a test needs them.</summary>
internal static class TestNotifications
{
    public static IncomingCallNotification CreateCall(string? status, string id = "A", string? from = "70000000101@c.us", double secondsAgo = 0) => new()
    {
        IdMessage = id,
        Instance = new() { IdInstance = 1101000001, Wid = ChatId.Parse("70000000001@c.us"), TypeInstance = "whatsapp" },
        RawStatus = status,
        From = from is null ? null : ChatId.Parse(from),
        Timestamp = TestHost.Now.AddSeconds(-secondsAgo),
    };
}
