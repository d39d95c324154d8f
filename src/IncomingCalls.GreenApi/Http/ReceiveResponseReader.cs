using System.Buffers;

namespace IncomingCalls.GreenApi.Http;

/// <summary>Reads the answer of receiveNotification: empty, a notification, or one that is too long to keep whole.</summary>
internal static class ReceiveResponseReader
{
    /// <summary>The longest notification that is kept whole; the webhook takes as much.</summary>
    public const int MaxNotificationBytes = 1024 * 1024;

    /// <summary>How far a longer one is read for its receiptId.</summary>
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

        // "status":false may come with 200: an error, and no notification to keep.
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

/// <summary>Reads the answer of deleteNotification: whatever comes with 200, the notification is gone.</summary>
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
        // As nearly always, and then no document is made of it.
        if (body.Span.StartsWith("{\"result\":true"u8))
        {
            return false;
        }

        using var json = JsonResponseReader.TryParse(body);
        return json is not null && JsonResponseReader.ReadFlag(json.RootElement, "result") == false;
    }
}
