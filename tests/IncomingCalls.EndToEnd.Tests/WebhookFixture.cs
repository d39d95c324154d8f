using IncomingCalls.EndToEnd.Tests.Desk;

namespace IncomingCalls.EndToEnd.Tests;

/// <summary>A desk with a webhook token, without instances, and with a short outcome timeout.</summary>
public sealed class WebhookFixture : IAsyncLifetime
{
    public const string Token = "webhook-desk-token";

    private readonly DeskFolder _folder = new();

    public DeskProcess Process { get; private set; } = null!;

    public string Url => new Uri(Process.Http.BaseAddress!, "/webhooks/green-api").AbsoluteUri;

    public async Task InitializeAsync() => Process = await DeskProcess.StartAsync(_folder, new Dictionary<string, string>
    {
        ["IncomingCalls:Webhook:Tokens:0"] = Token,
        ["IncomingCalls:OutcomeTimeout"] = "00:00:03",
    });

    public Task<int> PostAsync(string json) => Process.PostAsync(json, $"Bearer {Token}");

    public async Task DisposeAsync()
    {
        await Process.DisposeAsync();
        _folder.Dispose();
    }
}
