using IncomingCalls;

var builder = Host.CreateApplicationBuilder(args);
builder.Services.AddIncomingCalls(builder.Configuration.GetSection("IncomingCalls"))
    .AddHandler<CallPrinter>(handler => handler.WaitForCallerName = true)
    .AddGreenApi(builder.Configuration.GetSection("GreenApi"));

await builder.Build().RunAsync();

internal sealed class CallPrinter : ICallEventHandler
{
    public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        // The name; if none was found in time, ToString masks the phone number, since console output often ends up in logs.
        var caller = callEvent.Caller.Name ?? callEvent.Caller.ToString();
        Console.WriteLine($"{callEvent.OccurredAt:u} {callEvent.Kind}: {caller}");
        return ValueTask.CompletedTask;
    }
}
