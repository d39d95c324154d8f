using CallsWebhook;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddIncomingCalls(builder.Configuration.GetSection("IncomingCalls"))
    .UseSqliteInbox()
    .AddHandler<CallHandler>(handler => handler.WaitForCallerName = true)
    .AddWebhook();
builder.Services.AddHealthChecks().AddIncomingCalls();

var app = builder.Build();
app.MapIncomingCalls();
app.MapHealthChecks("/health");
app.Run();
