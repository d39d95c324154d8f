using System.Globalization;
using System.Net.Http.Headers;

namespace IncomingCalls.GreenApi.Models;

/// <summary>The response of a webhook, reduced to what shows who has answered and what became of the notification.</summary>
internal sealed class WebhookResponse
{
    /// <summary>The header that the endpoint of this library adds to each of its responses.</summary>
    private const string ResultHeader = "X-IncomingCalls-Result";

    /// <summary>Longer than the names of servers. The text may come from any server.</summary>
    private const int MaxServerLength = 40;

    /// <summary>The HTTP status.</summary>
    public required int Status { get; init; }

    /// <summary>What the endpoint of this library says about the notification: one word; null when another program has answered.</summary>
    public string? Result { get; init; }

    /// <summary>The absolute address that a redirect leads to; null without one.</summary>
    public Uri? Location { get; init; }

    /// <summary>The name of the server, as it reports it; null when it reports none.</summary>
    public string? Server { get; init; }

    /// <summary>Whether the body is a web page.</summary>
    public bool IsPage { get; init; }

    /// <summary>Whether a web page of another program has acknowledged the notification.</summary>
    public bool IsAcknowledgedByPage => this is { Status: 200, Result: null, IsPage: true };

    /// <summary>Whether the host has acknowledged and dropped the notification, because it does not know the instance.</summary>
    public bool IsDropped => Status == 200 && Result == nameof(IntakeOutcome.Refused);

    /// <summary>Whether the host has acknowledged and quarantined the notification, because it could not read it.</summary>
    public bool IsQuarantined => Status == 200 && Result == nameof(IntakeOutcome.Quarantined);

    public static WebhookResponse From(HttpResponseMessage response) => new()
    {
        Status = (int)response.StatusCode,
        Result = response.Headers.TryGetValues(ResultHeader, out var results) ? results.First() : null,
        Location = response.Headers.Location is { } location && response.RequestMessage?.RequestUri is { } address ? new Uri(address, location) : null,
        Server = ReadServer(response.Headers.Server),
        IsPage = response.Content.Headers.ContentType?.MediaType == "text/html",
    };

    /// <summary>Gets the status and the server.</summary>
    /// <returns>A text such as <c>404 (nginx/1.22.1)</c>.</returns>
    public override string ToString() =>
        Server is null ? Status.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{Status} ({Server})");

    private static string? ReadServer(HttpHeaderValueCollection<ProductInfoHeaderValue> header)
    {
        var text = header.ToString();
        return text.Length == 0 ? null : text.Length > MaxServerLength ? text[..MaxServerLength] : text;
    }
}
