using System.Net;
using System.Text;
using IncomingCalls.AotSmoke;

// Published trimmed or native, this program hosts the webhook with the SQLite inbox, or with the PostgreSQL inbox in the database of --Postgres, sends one call over HTTP, and fails with a message
// if a result is wrong.
var folder = Directory.CreateTempSubdirectory("incoming-calls-smoke-").FullName;
var builder = WebApplication.CreateSlimBuilder(args);
builder.WebHost.UseUrls("http://127.0.0.1:0");
builder.Logging.ClearProviders();
builder.Configuration.AddInMemoryCollection(
[
    new("IncomingCalls:Culture", "ru"),
    new("IncomingCalls:Webhook:Tokens:0", "demo-secret"),
]);
builder.Services.AddSingleton<EventRecorder>();
var calls = builder.Services.AddIncomingCalls(builder.Configuration.GetSection("IncomingCalls"));
_ = builder.Configuration["Postgres"] is { } connectionString ? calls.UsePostgreSqlInbox(connectionString) : calls.UseSqliteInbox(Path.Combine(folder, "calls.db"));
calls
    .AddHandler<EventRecorder>("events")
    .AddChatRecorder<EventRecorder>("records")
    .AddOperatorNotifier<EventRecorder>("alerts")
    .AddGreenApi(builder.Configuration.GetSection("GreenApi"))
    .AddWebhook();
builder.Services.AddHealthChecks().AddIncomingCalls();

await using var app = builder.Build();
app.MapIncomingCalls();
await app.StartAsync();

using var client = new HttpClient { BaseAddress = new(app.Urls.Single()) };
var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
Check.Equal(HttpStatusCode.Unauthorized, await PostAsync("offer", "wrong"));
Check.Equal(HttpStatusCode.OK, await PostAsync("offer", "demo-secret"));
Check.Equal(HttpStatusCode.OK, await PostAsync("offer", "demo-secret"));

var desk = app.Services.GetRequiredService<EventRecorder>();
await desk.WaitUntilRaisedAsync();
Check.Equal(HttpStatusCode.OK, await PostAsync("hangUp", "demo-secret"));
Check.Equal(true, await desk.WaitUntilDoneAsync());
Check.Equal("Offered Dropped", string.Join(' ', desk.Events));
Check.Equal("Входящий вызов, Сброшенный звонок", string.Join(", ", desk.Records));
Check.Equal("raised withdrawn", string.Join(' ', desk.Alerts));
await app.StopAsync();
Directory.Delete(folder, recursive: true);
Console.WriteLine("handled one call: ok");
return 0;

async Task<HttpStatusCode> PostAsync(string status, string token)
{
    using var request = new HttpRequestMessage(HttpMethod.Post, "/webhooks/green-api");
    request.Headers.Authorization = new("Bearer", token);
    request.Content = new StringContent(
        $$"""{"from":"70000000101@c.us","typeWebhook":"incomingCall","instanceData":{"idInstance":1101000001,"wid":"70000000001@c.us","typeInstance":"whatsapp"},"status":"{{status}}","timestamp":{{now}},"idMessage":"AAAA0000000000000000000000000001"}""",
        Encoding.UTF8,
        "application/json");
    using var response = await client.SendAsync(request);
    return response.StatusCode;
}
