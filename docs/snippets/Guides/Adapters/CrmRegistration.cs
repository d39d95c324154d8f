using IncomingCalls;
using Microsoft.Extensions.DependencyInjection;

namespace Guides.Adapters;

internal static class CrmRegistration
{
    #region registration
    public static IIncomingCallsBuilder AddCrm(this IIncomingCallsBuilder builder, ICrmPortals portals, Action<CrmOptions> configure)
    {
        builder.Services.Configure(configure);
        builder.Services.AddSingleton(portals).AddSingleton<CrmAccess>().AddSingleton<CrmPaces>().AddTransient<CrmPaceHandler>().AddScoped<CrmCallbacks>();
        builder.Services.AddHttpClient<CrmClient>(http => http.Timeout = TimeSpan.FromSeconds(20))
            // A redirect would repeat a POST as a GET.
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
            .AddHttpMessageHandler<CrmPaceHandler>();
        return builder.AddHandler<CrmHandler>(handler =>
        {
            handler.Name = "crm";
            handler.Kinds = [CallEventKind.Answered, CallEventKind.Dropped, CallEventKind.Missed, CallEventKind.OutcomeUnknown];
            handler.UnansweredSettleTime = TimeSpan.FromSeconds(20);
            // The limit is for attempts, and an attempt makes up to four requests.
            handler.RateLimit = new()
            {
                Permits = 1,
                Period = TimeSpan.FromSeconds(2),
                Burst = 2,
                Partition = callEvent => portals.Find(callEvent.Call.Key.IdInstance)?.Destination,
            };
        });
    }
    #endregion
}
