using System.Text;

namespace IncomingCalls.Fuzz.Corpora;

/// <summary>Answers of the vendor's API: those of its documentation, and those that were seen from proxies in front of it.</summary>
internal static class ApiAnswerCorpus
{
    private static readonly string[] Answers =
    [
        "null",
        "",
        "{}",
        """{"avatar":"https://pps.example/v/1","name":"Anna","contactName":"Anna (work)","email":"","category":"","description":"","products":[{"id":"1","name":"a\u0000b"}],"chatId":"10000001@c.us","lastSeen":"2026-01-01T00:00:00Z","isArchive":false,"isDisappearing":false,"phoneNumber":10000001}""",
        """{"contactName":null,"name":"\ud83d\ude00","phoneNumber":"10000001","avatar":null}""",
        """{"stateInstance":"authorized"}""",
        """{"stateInstance":"notAuthorized","status":true}""",
        """{"wid":"10000001@c.us","webhookUrl":"https://host.example/hook","webhookUrlToken":"t","incomingWebhook":"yes","outgoingWebhook":"no","incomingCallWebhook":true,"outgoingCallWebhook":"true","enableLidMode":"no","delaySendMessagesMilliseconds":5000}""",
        """{"saveSettings":true}""",
        """{"count":12}""",
        """{"сount":"3"}""",
        """{"result":true}""",
        """{"result":false,"reason":"Queue is empty"}""",
        """{"statusCode":400,"timestamp":"2026-01-01","path":"/","message":"custom webhook url is set"}""",
        """{"status":false,"code":401,"message":"instance is deleted or expired"}""",
        """{"receiptId":77,"body":{"typeWebhook":"quotaExceeded","instanceData":{"idInstance":1101000001,"wid":"10000001@c.us","typeInstance":"whatsapp"},"timestamp":1790000000,"quotaData":{"method":"checkWhatsapp","used":100,"total":100,"status":"STOP","description":"limit"}}}""",
        """<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>""",
    ];

    public static IReadOnlyList<byte[]> Read() => [.. Answers.Select(Encoding.UTF8.GetBytes)];
}
