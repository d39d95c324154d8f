using System.Net;
using System.Text;
using System.Text.Json;

namespace IncomingCalls.Testing.Tests;

/// <summary>A plain client of the API, as the documentation describes it and not as our own package calls it.</summary>
internal sealed class Api(GreenApiSimulator simulator, SimulatedInstance instance) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = simulator.ApiUrl };

    public Task<(HttpStatusCode Status, string Body)> GetAsync(string method, string suffix = "") => SendAsync(HttpMethod.Get, method, suffix);

    public Task<(HttpStatusCode Status, string Body)> DeleteAsync(object receiptId) => SendAsync(HttpMethod.Delete, "deleteNotification", $"/{receiptId}");

    public Task<(HttpStatusCode Status, string Body)> PostAsync(string method, string body) => SendAsync(HttpMethod.Post, method, "", body);

    public async Task<(long ReceiptId, JsonElement Body)> ReceiveAsync()
    {
        var (status, body) = await GetAsync("receiveNotification");
        status.Should().Be(HttpStatusCode.OK);
        using var document = JsonDocument.Parse(body);
        return (document.RootElement.GetProperty("receiptId").GetInt64(), document.RootElement.GetProperty("body").Clone());
    }

    public async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpMethod verb, string method, string suffix, string? body = null)
    {
        using var request = new HttpRequestMessage(verb, $"/waInstance{instance.IdInstance}/{method}/{instance.ApiTokenInstance}{suffix}");
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        return await SendAsync(request);
    }

    public async Task<(HttpStatusCode Status, string Body)> SendAsync(HttpRequestMessage request)
    {
        using var response = await _client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public void Dispose() => _client.Dispose();
}
