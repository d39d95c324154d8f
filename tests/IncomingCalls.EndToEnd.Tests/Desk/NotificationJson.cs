using System.Text.Json;
using System.Text.Json.Nodes;

namespace IncomingCalls.EndToEnd.Tests.Desk;

/// <summary>Notifications as the gateway writes them.</summary>
internal static class NotificationJson
{
    public const string Caller = "70000000101@c.us";

    /// <summary>A call notification; no status, no property.</summary>
    public static string CreateCall(long idInstance, string callId, string? status, TimeSpan age = default)
    {
        var json = new JsonObject
        {
            ["from"] = Caller,
            ["typeWebhook"] = "incomingCall",
            ["instanceData"] = new JsonObject { ["idInstance"] = idInstance, ["wid"] = "70000000001@c.us", ["typeInstance"] = "whatsapp" },
            ["timestamp"] = (TimeProvider.System.GetUtcNow() - age).ToUnixTimeSeconds(),
            ["idMessage"] = callId,
        };
        if (status is not null)
        {
            json["status"] = status;
        }

        return json.ToJsonString(JsonSerializerOptions.Web);
    }
}
