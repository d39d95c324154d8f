namespace IncomingCalls.Testing;

/// <summary>getWebhooksCount and clearWebhooksQueue.</summary>
internal static class QueueMaintenanceMethods
{
    /// <summary>Documented, with a Cyrillic letter in the key of the sample.</summary>
    public static Task CountAsync(ApiRequest call) => call.RespondAsync(writer =>
        writer.WriteNumber(call.Options.CyrillicCountKey ? "\u0441ount" : "count", call.Instance.WaitingCount));

    /// <summary>
    /// Documented: the queue is emptied, once a minute at the most, and <c>leftTime</c> tells how long that is yet (assumed: in
    /// seconds, and answered with 200). Reported: an error while a webhook URL is set; its code and wording are made up.
    /// </summary>
    public static Task ClearAsync(ApiRequest call)
    {
        if (call.Instance.Settings.WebhookUrl.Length > 0)
        {
            return call.RespondAsync(400, """{"code":"INVALID_PARAM","message":"custom webhook url is set","status":"error"}""");
        }

        var left = call.Instance.Limits.AcquireClear();
        if (left == TimeSpan.Zero)
        {
            call.Instance.Queue.Clear();
        }

        return call.RespondAsync(writer =>
        {
            writer.WriteBoolean("isCleared", left == TimeSpan.Zero);
            writer.WriteString("reason", left == TimeSpan.Zero ? "" : "the queue can be cleared once a minute");
            if (left > TimeSpan.Zero)
            {
                writer.WriteNumber("leftTime", (int)Math.Ceiling(left.TotalSeconds));
            }
        });
    }
}
