using IncomingCalls;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Fragments;

internal static class Registration
{
    public static void Everything(IServiceCollection services, IConfiguration configuration)
    {
        #region registration
        services.AddIncomingCalls(configuration.GetSection("IncomingCalls"))
            .UseSqliteInbox()
            .UseScenario(CallScenario.AllStatuses)
            .AddChatRecorder<CrmTimeline>("crm-timeline")
            .AddOperatorNotifier<DeskAlerts>("desk-alerts")
            .AddCallerNames<CrmContacts>()
            .AddGreenApi(configuration.GetSection("GreenApi"))
            .AddWebhook();
        #endregion
    }

    public static void Callers(IServiceCollection services, IConfiguration configuration)
    {
        #region callers
        services.AddIncomingCalls(configuration.GetSection("IncomingCalls"))
            .AddCallerNames<CrmContacts>()
            .AddGreenApi(configuration.GetSection("GreenApi"));
        #endregion
    }

    public static void Durable(IServiceCollection services, IConfiguration configuration)
    {
        #region durable
        services.AddIncomingCalls(configuration.GetSection("IncomingCalls"))
            .UseSqliteInbox()
            .AddChatRecorder<CrmTimeline>("crm-timeline")
            .AddWebhook();
        #endregion
    }

    public static async Task ReplayAsync(ICallInboxAdministration inbox)
    {
        #region administration
        foreach (var letter in await inbox.ListDeadLettersAsync(filter: new() { Handler = "crm-timeline" }))
        {
            Console.WriteLine($"{letter.Handler} gave up {letter.EventId} after {letter.Attempts} attempts: {letter.Error}");
            await inbox.ReplayDeadLettersAsync(letter.Id);
        }

        await inbox.PurgeDeadLettersAsync(new() { Account = "acme", Kind = CallEventKind.Answered, ErrorContains = "customer was deleted" }, performedBy: "anna");
        #endregion
    }

    public static void Health(IServiceCollection services)
    {
        #region health
        services.AddHealthChecks().AddIncomingCalls();
        #endregion
    }

    public static void PerTenant(WebApplication app)
    {
        #region route
        app.MapIncomingCalls("/hooks/{idInstance:long}");
        #endregion
    }
}
