namespace IncomingCalls.Fuzz.Corpora;

/// <summary>The documents that are mutated: the example notifications in tests/Payloads, and some that contain every property.</summary>
internal static class NotificationCorpus
{
    private static readonly string[] Additional =
    [
        """{"receiptId":"5","body":{"typeWebhook":"incomingCall","idMessage":"A","timestamp":"1790000000","status":"pickUp","from":"70000000101:1@c.us","isVideo":true,"duration":12,"instanceData":{"idInstance":"1101000001","wid":"70000000001@c.us","typeInstance":"v3"},"participants":[{"id":"1@c.us","status":"hungUp"},{"wid":"2@lid"},7]}}""",
        """{"body":{"typeWebhook":"stateInstanceChanged"},"receiptId":1.0,"typeWebhook":"incomingCall","idMessage":115000000000000001,"instanceData":{"idInstance":1.1e9}}""",
        """{"typeWebhook":"incomingCall","status":{"code":1},"idMessage":"\u0041\\\/","from":"\ud83d\ude00@c.us","instanceData":{"idInstance":1},"instanceData":{"idInstance":2,"wid":null}}""",
        """[{"typeWebhook":"incomingCall"}]""",
        """{"receiptId":7,"body":"{\"typeWebhook\":\"incomingCall\"}"}""",
    ];

    public static IReadOnlyList<byte[]> Read() =>
    [
        .. Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "Payloads"), "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(File.ReadAllBytes),
        .. Additional.Select(System.Text.Encoding.UTF8.GetBytes),
    ];
}
