using System.Text.Json;
using System.Text.Json.Nodes;

namespace IncomingCalls.EndToEnd.Tests.Desk;

/// <summary>Creates notifications in the format of the gateway.</summary>
internal static class NotificationJson
{
    public const string Caller = "70000000101@c.us";

    /// <summary>Creates a call notification. With a null status the property is left out.</summary>
    public static string CreateCall(long idInstance, string callId, string? status, TimeSpan age = default, string from = Caller)
    {
        var json = new JsonObject
        {
            ["from"] = from,
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
