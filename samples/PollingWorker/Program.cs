using PollingWorker;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddIncomingCalls(builder.Configuration.GetSection("IncomingCalls"))
    .AddHandler<CallPrinter>()
    .AddGreenApi(builder.Configuration.GetSection("GreenApi"));

await builder.Build().RunAsync();
