using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using IncomingCalls;

namespace Guides.Adapters;

#region client
/// <summary>The requests to the portals.</summary>
internal sealed class CrmClient(HttpClient http, CrmAccess access, CrmPaces paces, TimeProvider time)
{
    private const int UnknownContact = 263;

    /// <summary>Registers a call; returns the id of its record, or null when the portal does not know the number.</summary>
    public async Task<string?> RegisterAsync(CrmPortal portal, CallKey call, string phone, CancellationToken cancellationToken)
    {
        try
        {
            var body = new { externalId = call.ToString(), phone, direction = "inbound", createContact = portal.CreatesContacts };
            return (await SendAsync(portal, HttpMethod.Post, "calls", body, cancellationToken))!.Value.GetProperty("id").GetString()!;
        }
        catch (CrmRefusedException e) when (e.Code == UnknownContact)
        {
            return null;
        }
    }

    public async Task<CrmCall?> FindCallAsync(CrmPortal portal, CallKey call, CancellationToken cancellationToken)
    {
        var found = await SendAsync(portal, HttpMethod.Get, $"calls?externalId={Uri.EscapeDataString(call.ToString())}", body: null, cancellationToken);
        return found?.GetProperty("items").EnumerateArray().First() is not { } item ? null
            : new(item.GetProperty("id").GetString()!, item.GetProperty("finishes").GetArrayLength() > 0, item.GetProperty("text").GetString());
    }

    /// <summary>Finishes a call; returns the text of the record. A second request would finish it again.</summary>
    public async Task<string> FinishAsync(CrmPortal portal, string id, CrmOutcome outcome, CancellationToken cancellationToken)
    {
        await SendAsync(portal, HttpMethod.Post, $"calls/{Uri.EscapeDataString(id)}/finish", new { outcome = outcome.Code, durationSeconds = 0, text = outcome.Text }, cancellationToken);
        return outcome.Text;
    }

    public Task ChangeTextAsync(CrmPortal portal, string id, string text, CancellationToken cancellationToken) =>
        SendAsync(portal, HttpMethod.Patch, $"calls/{Uri.EscapeDataString(id)}", new { text }, cancellationToken);

    public async Task<string?> FindOpenItemAsync(CrmPortal portal, string person, CancellationToken cancellationToken)
    {
        var found = await SendAsync(portal, HttpMethod.Get, $"items?person={Uri.EscapeDataString(person)}", body: null, cancellationToken);
        return found?.GetProperty("items").EnumerateArray().Where(static item => item.GetProperty("closedAt").ValueKind == JsonValueKind.Null)
            .Select(static item => item.GetProperty("id").GetString()).FirstOrDefault();
    }

    public async Task<string> OpenItemAsync(CrmPortal portal, string person, string text, CancellationToken cancellationToken) =>
        (await SendAsync(portal, HttpMethod.Post, "items", new { person, text }, cancellationToken))!.Value.GetProperty("id").GetString()!;

    public Task CloseItemAsync(CrmPortal portal, string id, CancellationToken cancellationToken) =>
        SendAsync(portal, HttpMethod.Post, $"items/{Uri.EscapeDataString(id)}/close", body: null, cancellationToken);
    #endregion

    #region send
    private async Task<JsonElement?> SendAsync(CrmPortal portal, HttpMethod method, string path, object? body, CancellationToken cancellationToken)
    {
        var tokens = await access.ReadAsync(portal, cancellationToken);
        using var response = await SendOnceAsync(portal, method, path, body, tokens.AccessToken, cancellationToken);
        if (response.StatusCode != HttpStatusCode.Unauthorized)
        {
            return await ReadAsync(portal, response, cancellationToken);
        }

        tokens = await access.RefreshAsync(portal, tokens, SendOnceAsync, cancellationToken);
        using var repeated = await SendOnceAsync(portal, method, path, body, tokens.AccessToken, cancellationToken);
        return await ReadAsync(portal, repeated, cancellationToken);
    }

    private async Task<HttpResponseMessage> SendOnceAsync(
        CrmPortal portal, HttpMethod method, string path, object? body, string? accessToken, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(portal.Url, path)) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = accessToken is null ? null : new AuthenticationHeaderValue("Bearer", accessToken);
        request.Options.Set(CrmPaceHandler.Portal, portal);
        try
        {
            return await http.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException e)
        {
            throw portal.Unavailable($"The connection failed ({e.HttpRequestError}).", e);
        }
    }
    #endregion

    #region answers
    /// <summary>Returns the body of a successful response; null for none. No exception contains text of the response, which may contain a phone number.</summary>
    private async Task<JsonElement?> ReadAsync(CrmPortal portal, HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var isJson = response.Content.Headers.ContentType?.MediaType is "application/json" or "application/problem+json";
        JsonElement? body = isJson ? await response.Content.ReadFromJsonAsync<JsonElement>(cancellationToken) : null;
        var status = (int)response.StatusCode;
        switch (status)
        {
            case 204:
                return null;
            case 200 when isJson:
                return body;
            case 429:
                var inBody = body?.TryGetProperty("retry_after", out var seconds) == true ? TimeSpan.FromSeconds(seconds.GetDouble()) : CrmPace.DefaultPause;
                var retry = CallEventRetryException.FromRetryAfter(response, inBody, portal.Destination, time);
                paces.Get(portal).Pause(retry.Delay);
                throw retry;
            case 401 or 402:
                throw portal.Unavailable($"The portal answered {status}. An administrator must connect it again, or pay for it.");
            case >= 500:
                throw new HttpRequestException($"The portal answered {status}.", inner: null, response.StatusCode);
            case var _ when !isJson:
                throw portal.Unavailable($"Something in front of the portal answered {status} with a page.");
            default:
                throw new CrmRefusedException(status, FindCode(body!.Value));
        }
    }

    private static int? FindCode(JsonElement problem) =>
        problem.TryGetProperty("errors", out var errors) && errors.EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } error
            ? error.GetProperty("status").GetInt32()
            : null;
    #endregion
}

/// <summary>A call record of the portal.</summary>
internal sealed record CrmCall(string Id, bool IsFinished, string? Text);

/// <summary>The portal has refused a request, and will refuse it again.</summary>
internal sealed class CrmRefusedException(int status, int? code) : CallEventRejectedException($"The portal answered {status}.")
{
    public int? Code => code;
}
