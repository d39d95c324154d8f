using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace IncomingCalls.Testing.Tests.Hosting;

/// <summary>A simulator with a fake clock and one instance, and a client that accesses it over HTTP.</summary>
internal sealed class GatewayFixture : IAsyncDisposable
{
    private readonly HttpClient _client = new();

    private GatewayFixture(TimerTrackingTimeProvider clock, GreenApiSimulator simulator, SimulatedInstance instance)
    {
        Clock = clock;
        Simulator = simulator;
        Instance = instance;
    }

    public TimerTrackingTimeProvider Clock { get; }

    public GreenApiSimulator Simulator { get; }

    public SimulatedInstance Instance { get; }

    public static async Task<GatewayFixture> StartAsync(
        Action<GreenApiSimulatorOptions>? configure = null, Action<SimulatedInstanceOptions>? instance = null)
    {
        var clock = new TimerTrackingTimeProvider();
        var simulator = await GreenApiSimulator.StartAsync(options =>
        {
            options.TimeProvider = clock;
            configure?.Invoke(options);
        });
        return new(clock, simulator, simulator.AddInstance(instance));
    }

    /// <summary>Requests a method of the instance; <paramref name="tail"/> is appended after the token.</summary>
    public Task<HttpResponseMessage> SendAsync(HttpMethod verb, string method, string tail = "", string? json = null) =>
        SendToAsync(verb, $"waInstance{Instance.IdInstance}/{method}/{Instance.ApiTokenInstance}{tail}", json);

    public Task<HttpResponseMessage> SendToAsync(HttpMethod verb, string path, string? json = null) =>
        _client.SendAsync(new(verb, new Uri(Simulator.ApiUrl, path)) { Content = json is null ? null : new StringContent(json, Encoding.UTF8, "application/json") });

    public Task<HttpResponseMessage> ReceiveAsync(string query = "") => SendAsync(HttpMethod.Get, "receiveNotification", query);

    public Task<HttpResponseMessage> DeleteAsync(object receiptId) => SendAsync(HttpMethod.Delete, "deleteNotification", $"/{receiptId}");

    public Task<HttpResponseMessage> GetContactInfoAsync(string chatId) => SendAsync(HttpMethod.Post, "getContactInfo", json: $$"""{"chatId":"{{chatId}}"}""");

    public Task<HttpResponseMessage> CheckWhatsappAsync(string json) => SendAsync(HttpMethod.Post, "checkWhatsapp", json: json);

    /// <summary>Gets the calls in a journal.</summary>
    public async Task<JsonElement[]> GetJournalAsync(string method = "lastIncomingCalls", string query = "") =>
        [.. (await ReadJsonAsync(await SendAsync(HttpMethod.Get, method, query))).EnumerateArray()];

    /// <summary>Receives the head of the queue, which must not be empty.</summary>
    public async Task<JsonElement> ReceiveHeadAsync() => await ReadJsonAsync(await ReceiveAsync());

    public async Task<bool> TryDeleteAsync(long receiptId) => (await ReadJsonAsync(await DeleteAsync(receiptId))).GetProperty("result").GetBoolean();

    public static async Task<JsonElement> ReadJsonAsync(HttpResponseMessage response)
    {
        ((int)response.StatusCode).Should().Be(200);
        using var document = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
        return document.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        await Simulator.DisposeAsync();
        _client.Dispose();
    }
}

[JsonSerializable(typeof(JsonElement))]
internal sealed partial class JsonContext : JsonSerializerContext;
