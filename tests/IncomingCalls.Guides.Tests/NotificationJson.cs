namespace IncomingCalls.Guides.Tests;

/// <summary>Creates bodies in the format of the gateway.</summary>
internal static class NotificationJson
{
    public const long IdInstance = 1101000001;

    /// <summary>Creates a notification of a call that is ringing or has just ended.</summary>
    public static string CreateCall(string status = "offer", long idInstance = IdInstance) => $$"""
        {
          "typeWebhook": "incomingCall",
          "instanceData": { "idInstance": {{idInstance}}, "wid": "70000000001@c.us", "typeInstance": "whatsapp" },
          "timestamp": {{TimeProvider.System.GetUtcNow().ToUnixTimeSeconds()}},
          "idMessage": "A1",
          "from": "70000000101@c.us",
          "status": "{{status}}"
        }
        """;

    /// <summary>Creates a notification of a message whose picture has this length.</summary>
    public static string CreateMessage(int length = 10) => $$"""
        {
          "typeWebhook": "incomingMessageReceived",
          "instanceData": { "idInstance": {{IdInstance}}, "wid": "70000000001@c.us", "typeInstance": "whatsapp" },
          "timestamp": 1790000000,
          "idMessage": "B1",
          "messageData": { "jpegThumbnail": "{{new string('A', length)}}" }
        }
        """;
}
