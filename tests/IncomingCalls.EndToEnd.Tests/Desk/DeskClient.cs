using System.Net.Http.Json;
using System.Text;

namespace IncomingCalls.EndToEnd.Tests.Desk;

/// <summary>Requests to a desk, or to a proxy before it.</summary>
internal static class DeskClient
{
    /// <summary>Posts a notification to the webhook; the result is the status of the answer.</summary>
    public static async Task<int> PostNotificationAsync(this HttpClient desk, string json, string? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/green-api") { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var response = await desk.SendAsync(request);
        return (int)response.StatusCode;
    }

    /// <summary>Gets the current rows of a list for the calls whose id has this prefix.</summary>
    public static async Task<DeskRow[]> GetDeskRowsAsync(this HttpClient desk, string list, string callIdPrefix = "") =>
        [.. (await desk.GetFromJsonAsync<DeskRow[]>($"/api/{list}"))!.Where(row => row.CallId.StartsWith(callIdPrefix, StringComparison.Ordinal))];
}
