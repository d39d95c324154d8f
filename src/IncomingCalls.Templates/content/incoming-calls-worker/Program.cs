using CallsWorker;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddIncomingCalls(builder.Configuration.GetSection("IncomingCalls"))
    .UseSqliteInbox()
    .AddHandler<CallHandler>(handler => handler.WaitForCallerName = true)
    .AddGreenApi(builder.Configuration.GetSection("GreenApi"));

await builder.Build().RunAsync();
