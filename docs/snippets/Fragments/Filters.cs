using IncomingCalls;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Fragments;

#region filter
// Adds the handler and the event id to everything that a handler logs.
internal sealed class EventScope(ILogger<EventScope> logger) : ICallEventFilter
{
    public async ValueTask InvokeAsync(CallEventContext context, CallEventDelegate next, CancellationToken cancellationToken)
    {
        using var scope = logger.BeginScope("{Handler} on {EventId}", context.HandlerName, context.Event.Id);
        await next(context, cancellationToken);
    }
}
#endregion

internal static class FilterRegistration
{
    public static void Add(IIncomingCallsBuilder builder) =>
        #region options
        builder
            .AddFilter<EventScope>()
            .AddHandler<LeadWriter>(handler =>
            {
                handler.Name = "leads";
                handler.Kinds = [CallEventKind.Missed, CallEventKind.Dropped];
                handler.Timeout = TimeSpan.FromSeconds(10);
                handler.RetryDelays = [TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1), TimeSpan.FromHours(1)];
            });
        #endregion

    public static void AddWithName(IIncomingCallsBuilder builder) =>
        #region name
        builder.AddHandler<LeadWriter>(handler => handler.WaitForCallerName = true);
        #endregion
}
