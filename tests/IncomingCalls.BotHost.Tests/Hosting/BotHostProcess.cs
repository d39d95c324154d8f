using System.Net.Http.Headers;
using System.Reflection;
using IncomingCalls.BotHost.Tests.Telegram;
using IncomingCalls.Processes;
using IncomingCalls.Testing;

namespace IncomingCalls.BotHost.Tests.Hosting;

/// <summary>BotHost as a process between a simulated GREEN-API and a fake Telegram.</summary>
internal sealed class BotHostProcess : IAsyncDisposable
{
    public const long OperatorChat = -1001234567890;
    public const string WebhookToken = "bot-webhook-token";

    private static readonly string Program = typeof(BotHostProcess).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "BotProgram").Value!;

    private readonly BotHostFolder _folder = new();
    private readonly HttpClient _http = new();
    private readonly Dictionary<string, string> _settings;
    private SampleProcess _process = null!;
    private Uri _address = null!;

    private BotHostProcess(FakeTelegram telegram, GreenApiSimulator simulator, string typeInstance)
    {
        Telegram = telegram;
        Simulator = simulator;
        Instance = simulator.AddInstance(instance => instance.TypeInstance = typeInstance);
        _settings = new()
        {
            ["BotHost:BotToken"] = FakeTelegram.Token,
            ["BotHost:BotApiUrl"] = telegram.Url,
            ["BotHost:WebhookToken"] = WebhookToken,
            ["BotHost:ChatId"] = $"{OperatorChat}",
            ["GreenApi:Instances:0:IdInstance"] = $"{Instance.IdInstance}",
            ["GreenApi:Instances:0:ApiUrl"] = $"{simulator.ApiUrl}",
            ["GreenApi:Instances:0:ApiTokenInstance"] = Instance.ApiTokenInstance,
            ["GreenApi:Instances:0:Receive"] = "Webhook",
        };
    }

    public FakeTelegram Telegram { get; }

    public GreenApiSimulator Simulator { get; }

    public SimulatedInstance Instance { get; }

    /// <summary>Everything the process has written.</summary>
    public string Output => _process.Output;

    /// <summary>Starts it; the settings come on top of those that make it complete, and an empty one takes one of these away.</summary>
    public static Task<BotHostProcess> StartAsync(params (string Key, string Value)[] settings) => StartAsync("whatsapp", settings);

    /// <summary>Starts it with an instance of a messenger.</summary>
    public static Task<BotHostProcess> StartForMessengerAsync(string typeInstance) => StartAsync(typeInstance, []);

    /// <summary>Runs the program with settings alone, and waits for its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunToExitAsync(params (string Key, string Value)[] settings)
    {
        using var folder = new BotHostFolder();
        await using var process = SampleProcess.Start(Program, folder.Path, settings.ToDictionary(setting => setting.Key, setting => setting.Value));
        return (await process.WaitForExitAsync(), process.Output);
    }

    /// <summary>Changes a setting; it counts when the bot is started again.</summary>
    public void SetSetting(string key, string value) => _settings[key] = value;

    /// <summary>A power cut, after which it is started again.</summary>
    /// <param name="meanwhile">What happens to its folder while it is down.</param>
    public async Task RestartAsync(Action<BotHostFolder>? meanwhile = null)
    {
        await _process.DisposeAsync();
        meanwhile?.Invoke(_folder);
        await StartProcessAsync();
    }

    /// <summary>Posts what a stranger or the gateway may post, and gives the answer's status.</summary>
    public Task<int> PostAsync(string body, string? authorization = $"Bearer {WebhookToken}") => PostAsync(_address, body, authorization);

    /// <summary>Posts to a second process in the same folder, as a deployment starts it before it stops the first.</summary>
    public async Task<int> PostToSuccessorAsync(string body)
    {
        await using var successor = SampleProcess.Start(Program, _folder.Path, _settings);
        return await PostAsync(await successor.WaitUntilListeningAsync(), body, $"Bearer {WebhookToken}");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Simulator.DisposeAsync();
        await _process.DisposeAsync();
        await Telegram.DisposeAsync();
        _folder.Dispose();
    }

    private static async Task<BotHostProcess> StartAsync(string typeInstance, (string Key, string Value)[] settings)
    {
        var simulator = await GreenApiSimulator.StartAsync(options => options.ResendAfter = TimeSpan.FromMilliseconds(200));
        var bot = new BotHostProcess(await FakeTelegram.StartAsync(), simulator, typeInstance);
        foreach (var (key, value) in settings)
        {
            bot.SetSetting(key, value);
        }

        await bot.StartProcessAsync();
        return bot;
    }

    private async Task<int> PostAsync(Uri address, string body, string? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/green-api")) { Content = new StringContent(body) };
        request.Headers.Authorization = authorization is null ? null : AuthenticationHeaderValue.Parse(authorization);
        using var response = await _http.SendAsync(request);
        return (int)response.StatusCode;
    }

    private async Task StartProcessAsync()
    {
        _process = SampleProcess.Start(Program, _folder.Path, _settings);
        _address = await _process.WaitUntilListeningAsync();
        Instance.SetWebhook(new(_address, "/green-api"), WebhookToken);
    }
}

/// <summary>The folder of a bot, gone afterwards.</summary>
internal sealed class BotHostFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("bot-host-").FullName;

    /// <summary>Loses what the inbox knows, and leaves what the bot itself has written.</summary>
    public void DeleteInbox()
    {
        foreach (var file in Directory.EnumerateFiles(System.IO.Path.Combine(Path, "data"), "calls.db*"))
        {
            File.Delete(file);
        }
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>A bot for the tests of a class that leave no traces in its chat.</summary>
public sealed class BotHostFixture : IAsyncLifetime
{
    internal BotHostProcess Bot { get; private set; } = null!;

    public async Task InitializeAsync() => Bot = await BotHostProcess.StartAsync();

    public async Task DisposeAsync() => await Bot.DisposeAsync();
}
