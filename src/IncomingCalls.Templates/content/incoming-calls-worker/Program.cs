using CallsWorker;
using IncomingCalls;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddIncomingCalls(builder.Configuration.GetSection("IncomingCalls"))
    .UseSqliteInbox()
    .AddHandler<CallHandler>(handler =>
    {
        handler.WaitForCallerName = true;
        // To receive outgoing calls as well, for which outgoingCallWebhook must be on:
        // handler.Directions = [CallDirection.Incoming, CallDirection.Outgoing];
        // To receive all kinds of events, also that a person who was not answered before was spoken to. ICallbacks lists who is to be called back.
        // handler.Kinds = Enum.GetValues<CallEventKind>();
    })
    .AddGreenApi(builder.Configuration.GetSection("GreenApi"));

await builder.Build().RunAsync();
