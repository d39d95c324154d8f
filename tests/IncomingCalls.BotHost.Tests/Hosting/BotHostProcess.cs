using System.Net.Http.Headers;
using System.Reflection;
using IncomingCalls.BotHost.Tests.Telegram;
using IncomingCalls.Processes;
using IncomingCalls.Testing;

namespace IncomingCalls.BotHost.Tests.Hosting;

/// <summary>BotHost as a process, with a simulated GREEN-API and a fake Telegram.</summary>
internal sealed class BotHostProcess : IAsyncDisposable
{
    public const long OperatorChat = -1001234567890;
    public const string WebhookToken = "bot-webhook-token";

    private static readonly string Program = typeof(BotHostProcess).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "BotProgram").Value!;

    private readonly HttpClient _http = new();
    private readonly Dictionary<string, string> _settings;
    private SampleProcess _process = null!;
    private Uri _address = null!;

    private BotHostProcess(FakeTelegram telegram, GreenApiSimulator simulator, HeldAnswers answers, string typeInstance)
    {
        Telegram = telegram;
        Answers = answers;
        Simulator = simulator;
        Instance = simulator.AddInstance(instance => instance.TypeInstance = typeInstance);
        _settings = new()
        {
            ["BotHost:BotToken"] = FakeTelegram.Token,
            ["BotHost:BotApiUrl"] = telegram.Url,
            ["IncomingCalls:Webhook:Tokens:0"] = WebhookToken,
            ["BotHost:ChatId"] = $"{OperatorChat}",
            // As long as possible, for a machine that is busy with other work.
            ["GreenApi:CallerNameRequestTimeout"] = "00:01:00",
            ["GreenApi:Instances:0:IdInstance"] = $"{Instance.IdInstance}",
            ["GreenApi:Instances:0:ApiUrl"] = $"{simulator.ApiUrl}",
            ["GreenApi:Instances:0:ApiTokenInstance"] = Instance.ApiTokenInstance,
            ["GreenApi:Instances:0:Receive"] = "Webhook",
        };
    }

    public FakeTelegram Telegram { get; }

    public GreenApiSimulator Simulator { get; }

    /// <summary>The folder of the bot.</summary>
    public BotHostFolder Folder { get; } = new();

    /// <summary>Holds answers of the simulator.</summary>
    public HeldAnswers Answers { get; }

    public SimulatedInstance Instance { get; }

    /// <summary>The whole output of the process.</summary>
    public string Output => _process.Output;

    /// <summary>Starts the bot. The settings are added to a complete configuration; an empty value removes a setting.</summary>
    public static Task<BotHostProcess> StartAsync(params (string Key, string Value)[] settings) => StartAsync("whatsapp", settings);

    /// <summary>Starts the bot with an instance of another messenger.</summary>
    public static Task<BotHostProcess> StartForMessengerAsync(string typeInstance) => StartAsync(typeInstance, []);

    /// <summary>Runs the program with these settings only, and waits until it exits.</summary>
    public static async Task<(int ExitCode, string Output)> RunToExitAsync(params (string Key, string Value)[] settings)
    {
        using var folder = new BotHostFolder();
        await using var process = SampleProcess.Start(Program, folder.Path, settings.ToDictionary(setting => setting.Key, setting => setting.Value));
        return (await process.WaitForExitAsync(), process.Output);
    }

    /// <summary>Changes a setting, which takes effect at the next start.</summary>
    public void SetSetting(string key, string value) => _settings[key] = value;

    /// <summary>Waits until no delivery is pending.</summary>
    public Task WaitUntilHandledAsync() => Eventually.HoldsAsync(() => Folder.PendingCount.Should().Be(0));

    /// <summary>Kills the process and starts it again.</summary>
    /// <param name="meanwhile">Changes what the new process finds.</param>
    public async Task RestartAsync(Action? meanwhile = null)
    {
        await _process.DisposeAsync();
        meanwhile?.Invoke();
        await StartProcessAsync();
    }

    /// <summary>
    /// Restarts the bot as if it had been killed when it had saved the id of a new message, and not yet that the attempt had succeeded. The moment is too short to kill the process in it,
    /// so the new process gets the inbox of the time at which Telegram had not answered yet, with the values that were saved afterwards.
    /// </summary>
    /// <param name="send">Sends the notification that leads to the message.</param>
    /// <param name="meanwhile">Changes what the new process finds.</param>
    public async Task KillBeforeTheEndOfTheAttemptAsync(Action send, Action? meanwhile = null)
    {
        var (messages, values) = (Telegram.Messages.Count, Folder.SavedValueCount);
        Telegram.HoldAnswers();
        send();
        await Telegram.WaitUntilAsync(telegram => telegram.Messages.Count > messages);
        Folder.CopyInbox();
        Telegram.ReleaseAnswers();
        await Eventually.HoldsAsync(() => Folder.SavedValueCount.Should().Be(values + 1));
        await RestartAsync(() =>
        {
            Folder.RestoreInboxExceptValues();
            meanwhile?.Invoke();
        });
    }

    /// <summary>Posts a body to the bot; the result is the status of the answer.</summary>
    public Task<int> PostAsync(string body, string? authorization = $"Bearer {WebhookToken}") => PostAsync(_address, body, authorization);

    /// <summary>Posts to a second process with the same folder, as in a deployment that starts the new process before it stops the old one.</summary>
    public async Task<int> PostToSuccessorAsync(string body)
    {
        await using var successor = SampleProcess.Start(Program, Folder.Path, _settings);
        return await PostAsync(await successor.WaitUntilListeningAsync(), body, $"Bearer {WebhookToken}");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Simulator.DisposeAsync();
        await _process.DisposeAsync();
        await Telegram.DisposeAsync();
        Folder.Dispose();
    }

    private static async Task<BotHostProcess> StartAsync(string typeInstance, (string Key, string Value)[] settings)
    {
        var answers = new HeldAnswers();
        var simulator = await GreenApiSimulator.StartAsync(options => (options.ResendAfter, options.TimeProvider) = (TimeSpan.FromMilliseconds(200), answers));
        var bot = new BotHostProcess(await FakeTelegram.StartAsync(), simulator, answers, typeInstance);
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
        _process = SampleProcess.Start(Program, Folder.Path, _settings);
        _address = await _process.WaitUntilListeningAsync();
        Instance.SetWebhook(new(_address, "/green-api"), WebhookToken);
    }
}

/// <summary>A bot that the tests of a class share if they send nothing to its chat.</summary>
public sealed class BotHostFixture : IAsyncLifetime
{
    internal BotHostProcess Bot { get; private set; } = null!;

    public async Task InitializeAsync() => Bot = await BotHostProcess.StartAsync();

    public async Task DisposeAsync() => await Bot.DisposeAsync();
}
