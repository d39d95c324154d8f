using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace IncomingCalls.GreenApi.Http;

/// <summary>Reads the response of receiveNotification: an empty queue, a notification, or an error.</summary>
internal static partial class ReceiveResponseReader
{
    /// <summary>The maximum length of a notification that is returned whole. A message with a picture has a few MiB at most.</summary>
    public const int MaxNotificationBytes = 16 * 1024 * 1024;

    /// <summary>How much of a response is searched for the receiptId when it is not valid JSON. The API writes it first.</summary>
    private const int MaxSearchedBytes = 64 * 1024;

    /// <summary>Reads a response with a success status.</summary>
    public static async Task<GreenApiResult<ReceivedNotification>> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await ReadBodyAsync(response, cancellationToken).ConfigureAwait(false);
        if (IsEmptyQueue(body.Span))
        {
            return new() { Status = GreenApiStatus.Ok, HttpStatus = (int)response.StatusCode };
        }

        return FindNotification(response, body)
            // Not the API: for example the page of a proxy, or an error with the status of a success.
            ?? new() { Status = ErrorResponseReader.FindStatus(body.Span) ?? GreenApiStatus.InvalidResponse, HttpStatus = (int)response.StatusCode };
    }

    /// <summary>
    /// Reads a response with an error status. It may contain the notification at the head of the queue, such as quotaExceeded with status 466, which has
    /// to be deleted like any other.
    /// </summary>
    public static async Task<GreenApiResult<ReceivedNotification>> ReadErrorAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var body = await ReadBodyAsync(response, cancellationToken).ConfigureAwait(false);
        return FindNotification(response, body) is { Value.ReceiptId: not null } found
            ? found
            : ErrorResponseReader.Read<ReceivedNotification>("receiveNotification", response, body.Span);
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var disposal = stream.ConfigureAwait(false);
        return await ResponseBody.ReadAsync(stream, MaxNotificationBytes + 1, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Finds the notification in a body; null when the body is something else.</summary>
    private static GreenApiResult<ReceivedNotification>? FindNotification(HttpResponseMessage response, ReadOnlyMemory<byte> body)
    {
        var isTruncated = body.Length > MaxNotificationBytes;
        var reading = NotificationReader.Read(body.Span);
        var receiptId = reading.ReceiptId ?? (reading.Kind == NotificationKind.NotANotification ? SearchReceiptId(body.Span) : null);
        return receiptId is null && reading.Kind == NotificationKind.NotANotification
            ? isTruncated ? new() { Status = GreenApiStatus.ResponseTooLarge, HttpStatus = (int)response.StatusCode } : null
            : new()
            {
                Status = GreenApiStatus.Ok,
                HttpStatus = (int)response.StatusCode,
                Value = new() { ReceiptId = receiptId, Utf8Json = isTruncated ? body[..MaxNotificationBytes] : body, IsTruncated = isTruncated },
            };
    }

    /// <summary>Searches a body that is not valid JSON: a notification with invalid content must be deleted as well.</summary>
    private static long? SearchReceiptId(ReadOnlySpan<byte> body)
    {
        var beginning = Encoding.Latin1.GetString(body[..Math.Min(body.Length, MaxSearchedBytes)]);
        return ReceiptIdProperty().Match(beginning) is { Success: true } match && long.TryParse(match.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var receiptId)
            ? receiptId
            : null;
    }

    private static bool IsEmptyQueue(ReadOnlySpan<byte> body)
    {
        var text = (body.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? body[3..] : body).Trim(" \t\r\n"u8);
        return text.IsEmpty || text.SequenceEqual("null"u8)
            || (text[0] == (byte)'{' && text[^1] == (byte)'}' && text.Length > 1 && text[1..^1].Trim(" \t\r\n"u8).IsEmpty);
    }

    [GeneratedRegex(@"^\s*\{\s*""receiptId""\s*:\s*""?([0-9]{1,18})(?:\.0+)?""?\s*,", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ReceiptIdProperty();
}

/// <summary>
/// Reads the response of deleteNotification. With status 200 the notification is no longer in the queue, unless the body reports an error.
/// </summary>
internal static class DeleteResponseReader
{
    private const int MaxBytes = 4 * 1024;

    public static async Task<GreenApiResult<bool>> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var disposal = stream.ConfigureAwait(false);
        var body = await ResponseBody.ReadAsync(stream, MaxBytes, cancellationToken).ConfigureAwait(false);
        return ErrorResponseReader.FindStatus(body.Span) is { } error
            ? new() { Status = error, HttpStatus = (int)response.StatusCode }
            : new() { Status = GreenApiStatus.Ok, HttpStatus = (int)response.StatusCode, Value = !IsResultFalse(body) };
    }

    private static bool IsResultFalse(ReadOnlyMemory<byte> body)
    {
        // Fast path: most responses begin like this and need no JSON document.
        if (body.Span.StartsWith("{\"result\":true"u8))
        {
            return false;
        }

        using var json = JsonResponseReader.TryParse(body);
        return json is not null && JsonProperties.ReadFlag(json.RootElement, "result") == false;
    }
}
