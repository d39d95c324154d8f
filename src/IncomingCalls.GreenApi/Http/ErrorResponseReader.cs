using System.Text;

namespace IncomingCalls.GreenApi.Http;

/// <summary>
/// Tells what an answer of failure means. Its body may be empty (401), HTML (403) or JSON of several shapes, so it is searched
/// for a few words and never parsed, kept or shown.
/// </summary>
internal static class ErrorResponseReader
{
    private const int MaxBytes = 4 * 1024;

    public static async Task<GreenApiResult<T>> ReadAsync<T>(string method, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var code = (int)response.StatusCode;
        if (method == "receiveNotification" && code is 408 or 504)
        {
            // The wait was cut short on the way: nothing arrived in the meantime, as far as anybody knows.
            return new() { Status = GreenApiStatus.Ok, HttpStatus = code };
        }

        var text = code is 400 or 500 ? await ReadTextAsync(response, cancellationToken).ConfigureAwait(false) : "";
        if (method == "deleteNotification" && code == 500 && ContainsText(text, "findUnAckedMessage"))
        {
            return new() { Status = GreenApiStatus.Ok, HttpStatus = code };
        }

        var status = code == 400 ? FindStatus(text) ?? GreenApiStatus.BadRequest : FromStatusCode(code);
        // Where settings are written, the word stands for a value that was refused.
        var isValueRefused = method == "setSettings" && status == GreenApiStatus.WebhookUrlSet;
        return new() { Status = isValueRefused ? GreenApiStatus.BadRequest : status, HttpStatus = code };
    }

    /// <summary>The error that an answer of success tells about; null when it tells of none.</summary>
    public static GreenApiStatus? FindStatus(ReadOnlySpan<byte> body)
    {
        // Nearly every answer has neither word, and needs no text made of it.
        if (body.Length > MaxBytes || (body.IndexOf("false"u8) < 0 && body.IndexOf("rror"u8) < 0))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(body);
        var saysFailure = ContainsText(text, "\"status\":false") || ContainsText(text, "\"status\": false") || ContainsText(text, "\"status\":\"error\"") || ContainsText(text, "\"status\": \"error\"");
        return saysFailure ? FindStatus(text) ?? GreenApiStatus.BadRequest : null;
    }

    private static GreenApiStatus? FindStatus(string text) =>
        // "is starting or not authorized" means the slower of the two.
        ContainsText(text, "not authorized") || ContainsText(text, "notAuthorized") ? GreenApiStatus.NotAuthorized
        : ContainsText(text, "starting") ? GreenApiStatus.Starting
        : ContainsText(text, "expired") || ContainsText(text, "deleted") ? GreenApiStatus.Expired
        : ContainsText(text, "webhook") ? GreenApiStatus.WebhookUrlSet
        : null;

    private static GreenApiStatus FromStatusCode(int code) => code switch
    {
        401 => GreenApiStatus.Unauthorized,
        403 => GreenApiStatus.Forbidden,
        404 => GreenApiStatus.NotFound,
        408 or 499 => GreenApiStatus.TimedOut,
        429 => GreenApiStatus.RateLimited,
        466 => GreenApiStatus.QuotaExceeded,
        469 => GreenApiStatus.ContactLimitReached,
        502 or 503 or 504 => GreenApiStatus.GatewayError,
        >= 500 => GreenApiStatus.ServerError,
        // The API redirects nobody: whoever answers there is somebody else.
        >= 300 and < 400 => GreenApiStatus.InvalidResponse,
        _ => GreenApiStatus.Unexpected,
    };

    private static async Task<string> ReadTextAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var disposal = stream.ConfigureAwait(false);
        var body = await ResponseBody.ReadAsync(stream, MaxBytes, cancellationToken).ConfigureAwait(false);
        return Encoding.UTF8.GetString(body.Span);
    }

    private static bool ContainsText(string text, string words) => text.Contains(words, StringComparison.OrdinalIgnoreCase);
}
