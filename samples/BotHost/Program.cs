using BotHost;
using Telegram.Bot;

var builder = WebApplication.CreateBuilder(args);
var settings = builder.Configuration.GetSection("BotHost").Get<BotSettings>() ?? new();
if (settings.MissingSetting is { } missing)
{
    Console.Error.WriteLine(missing);
    return 1;
}

// When Telegram asks to wait (429), the client does; what fails otherwise is the inbox's to repeat.
var bot = new TelegramBotClient(new TelegramBotClientOptions(settings.BotToken, settings.BotApiUrl));
builder.Services.AddSingleton(settings).AddSingleton<ITelegramBotClient>(bot).AddHostedService<BotUpdates>();
#region calls
builder.Services.AddSingleton<CallMessageStore>().AddSingleton<OperatorChat>();
builder.Services.AddIncomingCalls(builder.Configuration.GetSection("IncomingCalls"))
    .UseSqliteInbox("data/calls.db")
    .AddOperatorNotifier<OperatorChat>("operator-alerts")
    .AddChatRecorder<OperatorChat>("operator-outcomes")
    .AddGreenApi(builder.Configuration.GetSection("GreenApi"));
#endregion

var app = builder.Build();
if (settings.ChatId is null)
{
    app.Logger.LogWarning("Set BotHost:ChatId to what the bot answers to /id in the chat of your operators. Until then the gateway keeps the calls.");
}
else
{
    app.MapPost("/green-api", GreenApiEndpoint.PostAsync);
}

await app.RunAsync();
return 0;
