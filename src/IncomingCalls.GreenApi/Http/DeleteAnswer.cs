namespace IncomingCalls;

/// <summary>Reads the answer of deleteNotification: whatever comes with 200, the notification is gone.</summary>
internal static class DeleteAnswer
{
    private const int MaxRead = 4 * 1024;

    public static async Task<GreenApiResult<bool>> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var disposal = stream.ConfigureAwait(false);
        var body = await BodyBytes.ReadAsync(stream, MaxRead, cancellationToken).ConfigureAwait(false);
        return ErrorAnswer.Meaning(body.Span) is { } error
            ? new() { Status = error, HttpStatus = (int)response.StatusCode }
            : new() { Status = GreenApiStatus.Ok, HttpStatus = (int)response.StatusCode, Value = !SaysFalse(body) };
    }

    private static bool SaysFalse(ReadOnlyMemory<byte> body)
    {
        // As nearly always, and then no document is made of it.
        if (body.Span.StartsWith("{\"result\":true"u8))
        {
            return false;
        }

        using var json = JsonAnswer.TryParse(body);
        return json is not null && JsonAnswer.Flag(json.RootElement, "result") == false;
    }
}
