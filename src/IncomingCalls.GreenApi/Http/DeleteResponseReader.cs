namespace IncomingCalls;

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
