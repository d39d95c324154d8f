using System.Text.Json;
using IncomingCalls.Testing.Instances;

namespace IncomingCalls.Testing.Http;

/// <summary>The methods getSettings, setSettings, getStateInstance and getWaSettings.</summary>
internal static class AccountMethods
{
    /// <summary>Documented: switches are the strings yes and no.</summary>
    public static Task GetSettingsAsync(ApiRequest call)
    {
        var settings = call.Instance.Settings;
        return call.RespondAsync(writer =>
        {
            writer.WriteString("wid", call.Instance.Wid);
            writer.WriteString("webhookUrl", settings.WebhookUrl);
            writer.WriteString("webhookUrlToken", settings.WebhookUrlToken);
            writer.WriteNumber("delaySendMessagesMilliseconds", 1000);
            writer.WriteString("incomingWebhook", YesOrNo(settings.IncomingWebhook));
            writer.WriteString("incomingCallWebhook", YesOrNo(settings.IncomingCallWebhook));
            writer.WriteString("outgoingCallWebhook", YesOrNo(settings.OutgoingCallWebhook));
            writer.WriteString("stateWebhook", YesOrNo(settings.StateWebhook));
            writer.WriteString("enableLidMode", YesOrNo(settings.EnableLidMode));
        });
    }

    /// <summary>Documented: only the given keys change, and the instance restarts. Assumed: getSettings returns the new values at once.</summary>
    public static async Task SetSettingsAsync(ApiRequest call)
    {
        if (await call.ReadObjectAsync() is not { } given)
        {
            await call.RespondAsync(400, "bad request data", "text/plain");
            return;
        }

        var settings = call.Instance.Settings;
        settings.WebhookUrlToken = ReadText(given, "webhookUrlToken") ?? settings.WebhookUrlToken;
        settings.IncomingWebhook = ReadSwitch(given, "incomingWebhook") ?? settings.IncomingWebhook;
        settings.IncomingCallWebhook = ReadSwitch(given, "incomingCallWebhook") ?? settings.IncomingCallWebhook;
        settings.OutgoingCallWebhook = ReadSwitch(given, "outgoingCallWebhook") ?? settings.OutgoingCallWebhook;
        settings.StateWebhook = ReadSwitch(given, "stateWebhook") ?? settings.StateWebhook;
        settings.EnableLidMode = ReadSwitch(given, "enableLidMode") ?? settings.EnableLidMode;
        if (call.Options.RestartAfterSettings > TimeSpan.Zero)
        {
            call.Instance.Restart(call.Options.RestartAfterSettings);
        }

        // The URL last, because pushing starts with it, unless the instance restarts first.
        settings.WebhookUrl = ReadText(given, "webhookUrl") ?? settings.WebhookUrl;
        await call.RespondAsync(writer => writer.WriteBoolean("saveSettings", true));
    }

    /// <summary>Documented, with the body <c>null</c> while the instance is being created.</summary>
    public static Task GetStateAsync(ApiRequest call) => call.Instance.State == SimulatedState.Creating
        ? call.RespondAsync(200, "null")
        : call.RespondAsync(writer => WriteState(writer, call.Instance));

    /// <summary>
    /// Documented: the phone number without a suffix, and as chatId the linked id; both empty while the account is not logged in. Reported: the name
    /// yellowCardUntil before the state suspended. Assumed: 0 when there is no restriction.
    /// </summary>
    public static Task GetWaSettingsAsync(ApiRequest call)
    {
        var instance = call.Instance;
        return call.RespondAsync(writer =>
        {
            writer.WriteString("avatar", "");
            writer.WriteString("phone", instance.IsConnected ? instance.Wid.Split('@')[0] : "");
            writer.WriteString("chatId", instance is { IsConnected: true, TypeInstance: "whatsapp" } ? instance.LinkedId : "");
            WriteState(writer, instance);
            writer.WriteString("deviceId", "");
            writer.WriteBoolean("logoutProcess", false);
            writer.WriteNumber(instance.State == SimulatedState.YellowCard ? "yellowCardUntil" : "suspendedUntil", instance.SuspendedUntil?.ToUnixTimeSeconds() ?? 0);
        });
    }

    /// <summary>Assumed: a state without a name in the API is reported as not authorized.</summary>
    private static void WriteState(Utf8JsonWriter writer, SimulatedInstance instance) =>
        writer.WriteString("stateInstance", SimulatedStateText.ToWire(instance.State) ?? SimulatedStateText.ToWire(SimulatedState.NotAuthorized));

    private static string YesOrNo(bool isOn) => isOn ? "yes" : "no";

    private static string? ReadText(JsonElement given, string key) =>
        given.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Documented as a string; the Java client sends a boolean for some switches.</summary>
    private static bool? ReadSwitch(JsonElement given, string key) => !given.TryGetProperty(key, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => value.ValueEquals("yes"),
        _ => null,
    };
}
