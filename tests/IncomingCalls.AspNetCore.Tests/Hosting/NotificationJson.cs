using System.Text;

namespace IncomingCalls.AspNetCore.Tests.Hosting;

/// <summary>Creates bodies in the format of the gateway.</summary>
internal static class NotificationJson
{
    public const long IdInstance = 1101000001;
    public const long OtherInstance = 1101000002;

    /// <summary>A text that is part of bodies and must never be logged.</summary>
    public const string Marker = "zq-marker-70000000177";

    public static string CreateCall(string status = "offer", string id = "AAAA01", long idInstance = IdInstance) =>
        $$"""{"from":"70000000101@c.us","typeWebhook":"incomingCall","instanceData":{"idInstance":{{idInstance}},"wid":"70000000001@c.us","typeInstance":"whatsapp"},"status":"{{status}}","timestamp":1790000000,"idMessage":"{{id}}"}""";

    public static string CreateOtherType(string type = "incomingMessageReceived", string data = "{}", long idInstance = IdInstance) =>
        $$"""{"typeWebhook":"{{type}}","instanceData":{"idInstance":{{idInstance}},"wid":"70000000001@c.us","typeInstance":"whatsapp"},"timestamp":1790000000,"idMessage":"BBBB01","messageData":{{data}}}""";

    /// <summary>Creates a call notification without the id of the call.</summary>
    public static string CreateUnreadableCall(long idInstance = IdInstance) =>
        $$"""{"typeWebhook":"incomingCall","instanceData":{"idInstance":{{idInstance}}},"status":"offer","from":"{{Marker}}"}""";

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
