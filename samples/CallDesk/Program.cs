using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using CallDesk;
using CallDesk.Api;
using CallDesk.Callbacks;
using CallDesk.Cluster;
using CallDesk.Demo;
using CallDesk.Handlers;
using CallDesk.Status;
using CallDesk.Store;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions
{
    Args = args,
    WebRootPath = Path.Combine(AppContext.BaseDirectory, "wwwroot"),
});
// Not in appsettings.json, where it would take precedence over ASPNETCORE_URLS.
builder.WebHost.UseUrls(builder.Configuration["urls"] ?? "http://127.0.0.1:5080");

var demo = new DemoMode(builder.Configuration);
var desk = new DeskConnection(builder.Configuration, builder.Environment.ContentRootPath);
var cluster = new ClusterSettings(builder.Configuration);
cluster.Validate(desk, demo);
builder.AddDeskStore(desk);
builder.AddDeskNode(desk, cluster);
builder.AddDeskTelemetry();
builder.Services.AddIncomingCalls(builder.Configuration.GetSection("IncomingCalls"))
    .UseDeskInbox(builder.Configuration, desk, cluster)
    .AddHandler<DeskEventHandler>()
    .AddHandler<DeskCallbackHandler>(DeskCallbackHandler.Configure)
    .AddChatRecorder<DeskRecorder>()
    .AddOperatorNotifier<DeskNotifier>()
    // Without any configuration the desk starts all the same; a random token then closes the endpoint.
    .AddWebhook(webhook => webhook.Tokens ??= demo.IsConfigured ? null : [$"{Guid.NewGuid()}"])
    .AddGreenApi(builder.Configuration.GetSection("GreenApi"))
    .AddDemo(demo);

builder.Services.AddSingleton<DeskPage>();
builder.Services.AddScoped<CallbackReader>();
builder.Services.AddDeskStatus();
builder.Services.AddHealthChecks().AddIncomingCalls();
builder.Services.ConfigureHttpJsonOptions(json =>
{
    json.SerializerOptions.Converters.Add(new JsonStringEnumConverter());
    json.SerializerOptions.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
});

var app = builder.Build();
await app.Services.CreateDeskStoreAsync();
if (demo is { IsOn: false, IsConfigured: false })
{
    app.Logger.NothingConfigured();
}

app.UseSecurityHeaders();
app.UseStaticFiles();
app.MapDeskPage("/", "index.html");
app.MapDeskPage("/status", "status.html");
app.MapDeskPage("/inbox", "status.html");
app.MapDeskApi();
app.MapCallbackApi();
app.MapStatusApi();
app.MapInboxApi();
app.MapIncomingCalls();
app.MapHealthChecks("/health/live", new() { Predicate = _ => false });
app.MapHealthChecks("/health/ready", new() { Predicate = check => check.Tags.Contains("ready") });
await app.RunAsync();
