using BotHost;
using Telegram.Bot;

var builder = WebApplication.CreateBuilder(args);
var settings = builder.Configuration.GetSection("BotHost").Get<BotSettings>() ?? new();
if (settings.MissingSetting is { } missing)
{
    Console.Error.WriteLine(missing);
    return 1;
}

// The client waits when Telegram answers 429 (too many requests). Any other failure is retried by the inbox.
var bot = new TelegramBotClient(new TelegramBotClientOptions(settings.BotToken, settings.BotApiUrl));
builder.Services.AddSingleton(settings).AddSingleton<ITelegramBotClient>(bot).AddHostedService<BotUpdates>();
#region calls
builder.Services.AddSingleton<BotFiles>().AddSingleton<OperatorGroup>().AddScoped<CallMessages>();
builder.Services.AddIncomingCalls(builder.Configuration.GetSection("IncomingCalls"))
    .UseSqliteInbox()
    .AddOperatorNotifier<OperatorChat>("operator-alerts")
    .AddChatRecorder<OperatorChat>("operator-outcomes")
    .AddWebhook()
    .AddGreenApi(builder.Configuration.GetSection("GreenApi"));
#endregion

var app = builder.Build();
if (settings.ChatId is null)
{
    app.Logger.LogWarning("BotHost:ChatId is not set. Set it to the id that the bot answers to /id in the chat of your operators; until then the calls stay in the queue of GREEN-API.");
}
else
{
    app.MapPost("/green-api", GreenApiEndpoint.PostAsync);
}

await app.RunAsync();
return 0;
