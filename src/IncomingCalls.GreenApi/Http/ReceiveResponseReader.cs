using System.Buffers;

namespace IncomingCalls.GreenApi.Http;

/// <summary>
/// Reads the response of receiveNotification: an empty queue, a notification, or a notification that is too long to be returned whole.
/// </summary>
internal static class ReceiveResponseReader
{
    /// <summary>The maximum length of a notification that is returned whole; the webhook has the same limit.</summary>
    public const int MaxNotificationBytes = 1024 * 1024;

    /// <summary>How much of a longer response is read to find its receiptId.</summary>
    public const int MaxScannedBytes = 16 * 1024 * 1024;

    private const int ChunkSize = 64 * 1024;

    public static async Task<GreenApiResult<ReceivedNotification>> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var disposal = stream.ConfigureAwait(false);
        var body = await ResponseBody.ReadAsync(stream, MaxNotificationBytes + 1, cancellationToken).ConfigureAwait(false);
        var isTruncated = body.Length > MaxNotificationBytes;
        if (!isTruncated && IsEmptyQueue(body.Span))
        {
            return new() { Status = GreenApiStatus.Ok, HttpStatus = (int)response.StatusCode };
        }

        var scanner = new ReceiptIdScanner();
        scanner.Scan(body.Span);
        if (isTruncated && !scanner.IsFound && !await ScanRestAsync(stream, scanner, cancellationToken).ConfigureAwait(false))
        {
            return new() { Status = GreenApiStatus.ResponseTooLarge, HttpStatus = (int)response.StatusCode };
        }

        // A response with status 200 may contain "status":false, which is an error and not a notification.
        if (!scanner.IsFound && ErrorResponseReader.FindStatus(body.Span) is { } error)
        {
            return new() { Status = error, HttpStatus = (int)response.StatusCode };
        }

        return new()
        {
            Status = GreenApiStatus.Ok,
            HttpStatus = (int)response.StatusCode,
            Value = new() { ReceiptId = scanner.ReceiptId, Utf8Json = isTruncated ? body[..MaxNotificationBytes] : body, IsTruncated = isTruncated },
        };
    }

    private static bool IsEmptyQueue(ReadOnlySpan<byte> body)
    {
        var text = body.Trim(" \t\r\n"u8);
        return text.IsEmpty || text.SequenceEqual("null"u8)
            || (text[0] == (byte)'{' && text[^1] == (byte)'}' && text.Length > 1 && text[1..^1].Trim(" \t\r\n"u8).IsEmpty);
    }

    private static async Task<bool> ScanRestAsync(Stream stream, ReceiptIdScanner scanner, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            for (var total = MaxNotificationBytes + 1; total < MaxScannedBytes;)
            {
                var read = await stream.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
                scanner.Scan(buffer.AsSpan(0, read));
                if (read == 0 || scanner.IsFound)
                {
                    return scanner.IsFound;
                }

                total += read;
            }

            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
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
        return json is not null && JsonResponseReader.ReadFlag(json.RootElement, "result") == false;
    }
}
