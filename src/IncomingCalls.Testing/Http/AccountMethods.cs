using System.Text.Json;

namespace IncomingCalls.Testing;

/// <summary>getSettings, setSettings and getStateInstance.</summary>
internal static class AccountMethods
{
    /// <summary>Documented: strings yes and no for the switches.</summary>
    public static Task GetSettingsAsync(ApiCall call)
    {
        var settings = call.Instance.Settings;
        return call.AnswerAsync(writer =>
        {
            writer.WriteString("wid", call.Instance.Wid);
            writer.WriteString("webhookUrl", settings.WebhookUrl);
            writer.WriteString("webhookUrlToken", settings.WebhookUrlToken);
            writer.WriteNumber("delaySendMessagesMilliseconds", 1000);
            writer.WriteString("incomingWebhook", Switch(settings.IncomingWebhook));
            writer.WriteString("incomingCallWebhook", Switch(settings.IncomingCallWebhook));
            writer.WriteString("outgoingCallWebhook", Switch(settings.OutgoingCallWebhook));
            writer.WriteString("stateWebhook", Switch(settings.StateWebhook));
            writer.WriteString("enableLidMode", Switch(settings.EnableLidMode));
        });
    }

    /// <summary>Documented: only the keys that are given change, and the instance restarts. Assumed: getSettings tells them at once.</summary>
    public static async Task SetSettingsAsync(ApiCall call)
    {
        if (await call.ReadObjectAsync() is not { } given)
        {
            await call.AnswerAsync(400, "bad request data", "text/plain");
            return;
        }

        var settings = call.Instance.Settings;
        settings.WebhookUrlToken = Text(given, "webhookUrlToken") ?? settings.WebhookUrlToken;
        settings.IncomingWebhook = IsOn(given, "incomingWebhook") ?? settings.IncomingWebhook;
        settings.IncomingCallWebhook = IsOn(given, "incomingCallWebhook") ?? settings.IncomingCallWebhook;
        settings.OutgoingCallWebhook = IsOn(given, "outgoingCallWebhook") ?? settings.OutgoingCallWebhook;
        settings.StateWebhook = IsOn(given, "stateWebhook") ?? settings.StateWebhook;
        settings.EnableLidMode = IsOn(given, "enableLidMode") ?? settings.EnableLidMode;
        if (call.Options.RestartAfterSettings > TimeSpan.Zero)
        {
            call.Instance.Restart(call.Options.RestartAfterSettings);
        }

        // The address last: with it, pushing begins, unless the instance restarts first.
        settings.WebhookUrl = Text(given, "webhookUrl") ?? settings.WebhookUrl;
        await call.AnswerAsync(writer => writer.WriteBoolean("saveSettings", true));
    }

    /// <summary>Documented, with a body of <c>null</c> while the instance is being made.</summary>
    public static Task GetStateAsync(ApiCall call) => call.Instance.State == SimulatedState.Creating
        ? call.AnswerAsync(200, "null")
        // Assumed: what has no state of its own is not logged in.
        : call.AnswerAsync(writer => writer.WriteString("stateInstance", StateName.Of(call.Instance.State) ?? StateName.Of(SimulatedState.NotAuthorized)));

    private static string Switch(bool isOn) => isOn ? "yes" : "no";

    private static string? Text(JsonElement given, string key) =>
        given.TryGetProperty(key, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>Documented as text; the Java client sends a boolean for some.</summary>
    private static bool? IsOn(JsonElement given, string key) => !given.TryGetProperty(key, out var value) ? null : value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => value.ValueEquals("yes"),
        _ => null,
    };
}
