using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace IncomingCalls.GreenApi.Http;

/// <summary>
/// Determines the meaning of an error response. Its body may be empty (401), HTML (403) or JSON of several shapes, so it is searched for a
/// few words and never parsed, stored or shown.
/// </summary>
internal static partial class ErrorResponseReader
{
    private const int MaxBytes = 4 * 1024;

    /// <summary>Reads a response with an error status.</summary>
    public static async Task<GreenApiResult<T>> ReadAsync<T>(string method, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var disposal = stream.ConfigureAwait(false);
        var body = await ResponseBody.ReadAsync(stream, MaxBytes, cancellationToken).ConfigureAwait(false);
        return Read<T>(method, response, body.Span);
    }

    /// <summary>Determines the meaning of a response with an error status, whose body was read.</summary>
    public static GreenApiResult<T> Read<T>(string method, HttpResponseMessage response, ReadOnlySpan<byte> body)
    {
        var code = (int)response.StatusCode;
        if (method == "receiveNotification" && code is 408 or 504)
        {
            // A proxy ended the long poll: no notification is known to have arrived in the meantime.
            return new() { Status = GreenApiStatus.Ok, HttpStatus = code };
        }

        var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, MaxBytes)]);
        if (method == "deleteNotification" && code == 500 && ContainsText(text, "findUnAckedMessage"))
        {
            return new() { Status = GreenApiStatus.Ok, HttpStatus = code };
        }

        // The status codes of an expired or deleted instance vary.
        var status = code == 400 ? FindStatus(text) ?? GreenApiStatus.BadRequest
            : code is > 400 and < 500 && !text.TrimStart().StartsWith('<') && (ContainsText(text, "expired") || ContainsText(text, "instance is deleted")) ? GreenApiStatus.Expired
            : FromStatusCode(code);
        // In a response to setSettings, the word refers to a setting whose value was rejected.
        var isValueRejected = method == "setSettings" && status == GreenApiStatus.WebhookUrlSet;
        return new() { Status = isValueRejected ? GreenApiStatus.BadRequest : status, HttpStatus = code };
    }

    /// <summary>Finds the error that a response with a success status reports in its body; null when it reports none.</summary>
    public static GreenApiStatus? FindStatus(ReadOnlySpan<byte> body)
    {
        // Fast path: nearly every response contains none of the words, and no string is allocated for it.
        if (body.Length > MaxBytes || (body.IndexOf("false"u8) < 0 && body.IndexOf("rror"u8) < 0 && body.IndexOf("ode\""u8) < 0))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(body);
        var isFailure = ContainsText(text, "\"status\":false") || ContainsText(text, "\"status\": false") || ContainsText(text, "\"status\":\"error\"") || ContainsText(text, "\"status\": \"error\"");
        return isFailure ? FindStatus(text) ?? GreenApiStatus.BadRequest
            : StatusCodeProperty().Match(text) is { Success: true } match ? FromStatusCode(int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture))
            : null;
    }

    private static GreenApiStatus? FindStatus(string text) =>
        // "is starting or not authorized" is treated as the state that lasts longer.
        ContainsText(text, "not authorized") || ContainsText(text, "notAuthorized") ? GreenApiStatus.NotAuthorized
        : ContainsText(text, "starting") ? GreenApiStatus.Starting
        : ContainsText(text, "expired") || ContainsText(text, "deleted") ? GreenApiStatus.Expired
        : ContainsText(text, "webhook") ? GreenApiStatus.WebhookUrlSet
        // A check of checkWhatsapp that the messenger did not answer in time.
        : ContainsText(text, "timeout limit exceeded") ? GreenApiStatus.TimedOut
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
        // The API never redirects, so another server responds at this address.
        >= 300 and < 400 => GreenApiStatus.InvalidResponse,
        _ => GreenApiStatus.Unexpected,
    };

    private static bool ContainsText(string text, string words) => text.Contains(words, StringComparison.OrdinalIgnoreCase);

    /// <summary>The status code in the body of an error, as in <c>{"code":401}</c> and <c>{"statusCode":403}</c>.</summary>
    [GeneratedRegex(@"""(?:code|statusCode)""\s*:\s*""?([45][0-9][0-9])\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex StatusCodeProperty();
}
