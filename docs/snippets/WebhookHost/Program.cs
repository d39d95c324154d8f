using IncomingCalls;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddIncomingCalls(builder.Configuration.GetSection("IncomingCalls"))
    .AddHandler<MissedCalls>()
    .AddWebhook();

var app = builder.Build();
app.MapIncomingCalls();
app.Run();

internal sealed class MissedCalls(ILogger<MissedCalls> logger) : ICallEventHandler
{
    public ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        if (callEvent.Kind is CallEventKind.Missed or CallEventKind.Dropped)
        {
            logger.LogInformation("Call {Id}: ring {Caller} back", callEvent.Id, callEvent.Caller);
        }

        return ValueTask.CompletedTask;
    }
}
