using System.Globalization;
using System.Text;

namespace IncomingCalls.Testing.Http;

/// <summary>The methods receiveNotification and deleteNotification.</summary>
internal static class QueueMethods
{
    private const int DefaultReceiveTimeout = 5;

    /// <summary>Documented: a long poll of 5 to 60 seconds, 5 by default; JSON null when the queue stays empty; 400 while a webhook URL is set.</summary>
    public static async Task ReceiveAsync(ApiRequest call)
    {
        if (call.Instance.Settings.WebhookUrl.Length > 0)
        {
            // The wording is an invention of the simulator; the code and the status are reported.
            await call.RespondAsync(400, """{"code":"INVALID_PARAM","message":"custom webhook url is set, clear it and wait a minute","status":"error"}""");
            return;
        }

        var text = call.Context.Request.Query["receiveTimeout"].ToString();
        var seconds = DefaultReceiveTimeout;
        if (text.Length > 0 && (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seconds) || seconds is < 5 or > 60))
        {
            await call.RespondAsync(400, "'receiveTimeout' must be between 5 and 60", "text/plain");
            return;
        }

        var head = await WaitForHeadAsync(call, TimeSpan.FromSeconds(seconds));
        if (head is null || call.Instance.FaultInjector.NextPollIsEmpty())
        {
            await call.RespondAsync(200, "null");
            return;
        }

        var receiptId = call.Instance.Queue.AssignReceiptId(head);
        head.AddDelivery(new() { At = call.Options.TimeProvider.GetUtcNow(), Channel = DeliveryChannel.Poll });
        // Composed from bytes, because tests send bodies that are neither JSON nor UTF-8.
        byte[] response = [.. Encoding.UTF8.GetBytes($$"""{"receiptId":{{receiptId}},"body":"""), .. head.Body.Span, (byte)'}'];
        await call.RespondAsync(response);
    }

    /// <summary>
    /// Documented: result false when the receipt id is unknown or was deleted; 400 when it is not a number. Reported: 500 instead of false.
    /// </summary>
    public static Task DeleteAsync(ApiRequest call)
    {
        if (!long.TryParse(call.Argument, NumberStyles.None, CultureInfo.InvariantCulture, out var receiptId))
        {
            return call.RespondAsync(400, "Parameter receiptId must be a Number", "text/plain");
        }

        var deleted = call.Instance.Queue.Acknowledge(receiptId);
        if (!deleted && call.Options.DeletingNothingFails)
        {
            return call.RespondAsync(500, "Cannot read properties of undefined (reading 'findUnAckedMessage')", "text/plain");
        }

        return call.RespondAsync(writer =>
        {
            writer.WriteBoolean("result", deleted);
            writer.WriteString("reason", "");
        });
    }

    private static async Task<SimulatedNotification?> WaitForHeadAsync(ApiRequest call, TimeSpan timeout)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(call.Context.RequestAborted);
        using var timer = new CancellationTokenSource(timeout, call.Options.TimeProvider);
        using var registration = timer.Token.Register(ended.Cancel);
        while (true)
        {
            var (head, changed) = call.Instance.Queue.PeekHead();
            // Assumed: a long poll ends empty when the instance is removed, restarts, or gets a webhook URL.
            if (call.Instance is { IsRemoved: true } or { IsStarting: true } or { Settings.WebhookUrl.Length: > 0 })
            {
                return null;
            }

            if (head is not null)
            {
                return head;
            }

            try
            {
                await changed.WaitAsync(ended.Token);
            }
            catch (OperationCanceledException) when (!call.Context.RequestAborted.IsCancellationRequested)
            {
                return null;
            }
        }
    }
}

/// <summary>The methods getWebhooksCount and clearWebhooksQueue.</summary>
internal static class QueueMaintenanceMethods
{
    /// <summary>Documented; the key in the documented sample contains a Cyrillic letter.</summary>
    public static Task CountAsync(ApiRequest call) => call.RespondAsync(writer =>
        writer.WriteNumber(call.Options.CyrillicCountKey ? "\u0441ount" : "count", call.Instance.WaitingCount));

    /// <summary>
    /// Documented: the queue is cleared at most once a minute, and <c>leftTime</c> is the remaining wait (assumed: in seconds, and
    /// answered with 200). Reported: an error while a webhook URL is set; its code and wording are an invention of the simulator.
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
