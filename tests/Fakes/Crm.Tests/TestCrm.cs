using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace IncomingCalls.Fakes.Crm.Tests;

/// <summary>A CRM with one connected portal and one contact, and a client of it. The limit of the portal is out of reach unless a test sets it.</summary>
internal sealed class TestCrm : IAsyncDisposable
{
    public const string KnownPhone = "70000000101";
    public const string UnknownPhone = "70000000102";

    private const int BurstOutOfReach = 1000;

    private TestCrm(CrmServer server, FakeTimeProvider time, Action<CrmPortalOptions>? configure)
    {
        (Server, Time) = (server, time);
        Portal = server.AddPortal("first", options =>
        {
            options.Burst = BurstOutOfReach;
            configure?.Invoke(options);
        });
        Tokens = Portal.IssueTokens();
        Portal.AddContact(KnownPhone, "Known");
        Client = new() { BaseAddress = server.GetPortalUrl(Portal) };
        UseToken(Tokens.AccessToken);
    }

    public CrmServer Server { get; }

    public FakeTimeProvider Time { get; }

    public CrmPortal Portal { get; }

    public TokenPair Tokens { get; }

    public HttpClient Client { get; }

    public static async Task<TestCrm> StartAsync(Action<CrmPortalOptions>? configure = null, TimeProvider? delays = null)
    {
        var time = new FakeTimeProvider(new(2026, 10, 7, 9, 15, 0, TimeSpan.Zero));
        return new(await CrmServer.StartAsync(options => options.TimeProvider = delays ?? time), time, configure);
    }

    public void UseToken(string? token) => Client.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);

    public Task<HttpResponseMessage> RegisterAsync(string externalId = "call-1", string phone = KnownPhone, string direction = "inbound", bool createContact = false) =>
        Client.PostAsJsonAsync("calls", new { externalId, phone, direction, createContact });

    public async Task<string> GetRegisteredIdAsync(string externalId = "call-1") => await ReadTextAsync(await RegisterAsync(externalId), "id");

    public Task<HttpResponseMessage> FinishAsync(string id, string outcome = "missed", string? text = null) =>
        Client.PostAsJsonAsync($"calls/{id}/finish", new { outcome, durationSeconds = 0, text });

    public Task<HttpResponseMessage> OpenItemAsync(string person = "person-1") => Client.PostAsJsonAsync("items", new { person, text = "Call back" });

    public Task<HttpResponseMessage> RefreshAsync(string refreshToken, string clientSecret = "calls-application-secret") => Client.PostAsJsonAsync(
        "oauth/token", new { client_id = "calls-application", client_secret = clientSecret, grant_type = "refresh_token", refresh_token = refreshToken });

    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response) => await response.Content.ReadFromJsonAsync<JsonElement>();

    public static async Task<string> ReadTextAsync(HttpResponseMessage response, string property) => (await ReadAsync(response)).GetProperty(property).GetString()!;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Server.DisposeAsync();
    }
}
