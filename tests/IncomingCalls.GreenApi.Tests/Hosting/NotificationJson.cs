namespace IncomingCalls.GreenApi.Tests.Hosting;

/// <summary>Creates the bodies of notifications.</summary>
internal static class NotificationJson
{
    public const long IdInstance = 1101000001;

    public static string IncomingCall(string idMessage, string status = "offer", long idInstance = IdInstance, string from = "70000000101@c.us") =>
        $$"""{"from":"{{from}}","typeWebhook":"incomingCall","instanceData":{"idInstance":{{idInstance}},"wid":"70000000001@c.us","typeInstance":"whatsapp"},"status":"{{status}}","timestamp":1790000000,"idMessage":"{{idMessage}}"}""";

    public static string OtherType(long idInstance = IdInstance) =>
        $$"""{"typeWebhook":"outgoingMessageStatus","chatId":"70000000115@c.us","instanceData":{"idInstance":{{idInstance}},"wid":"","typeInstance":"whatsapp"},"timestamp":1790001800,"idMessage":"C1","status":"delivered"}""";
}
