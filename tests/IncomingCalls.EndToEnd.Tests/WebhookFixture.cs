using IncomingCalls.EndToEnd.Tests.Desk;

namespace IncomingCalls.EndToEnd.Tests;

/// <summary>One desk for all tests of a class, with a webhook token, without instances, and with a short outcome timeout.</summary>
public class WebhookFixture : IAsyncLifetime
{
    public const string Token = "webhook-desk-token";

    private readonly DeskFolder _folder = new();

    public DeskProcess Process { get; private set; } = null!;

    public string Url => new Uri(Process.Http.BaseAddress!, "/webhooks/green-api").AbsoluteUri;

    protected virtual Dictionary<string, string> Settings { get; } = new()
    {
        ["IncomingCalls:Webhook:Tokens:0"] = Token,
        ["IncomingCalls:OutcomeTimeout"] = "00:00:03",
    };

    public async Task InitializeAsync() => Process = await DeskProcess.StartAsync(_folder, Settings);

    /// <summary>Executes a statement on the database of the desk while the desk is running.</summary>
    public void ExecuteSql(string statement) => _folder.ExecuteSql(statement);

    public Task<int> PostAsync(string json) => Process.PostAsync(json, $"Bearer {Token}");

    public async Task DisposeAsync()
    {
        await Process.DisposeAsync();
        _folder.Dispose();
    }
}
