using CallsWebhook;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddIncomingCalls(builder.Configuration.GetSection("IncomingCalls"))
    .UseSqliteInbox("data/calls.db")
    .AddHandler<CallHandler>()
    .AddWebhook();
builder.Services.AddHealthChecks().AddIncomingCalls();

var app = builder.Build();
app.MapIncomingCalls();
app.MapHealthChecks("/health");
app.Run();
