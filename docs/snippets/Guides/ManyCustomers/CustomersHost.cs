using System.Security.Cryptography;
using IncomingCalls;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Guides.ManyCustomers;

internal static class CustomersHost
{
    public static IIncomingCallsBuilder Add(WebApplicationBuilder builder) =>
        #region registration
        builder.Services
            .AddDbContextFactory<CustomerDb>(options => options.UseSqlite(builder.Configuration.GetConnectionString("Customers")))
            .AddSingleton<CustomerInstances>()
            .AddIncomingCalls(builder.Configuration.GetSection("IncomingCalls"))
            .UseSqliteInbox()
            .AddInstances<CustomerInstances>()
            .AddGreenApi(builder.Configuration.GetSection("GreenApi"))
            .AddWebhook();
        #endregion

    public static void MapWebhook(WebApplication app) =>
        #region route
        app.MapIncomingCalls("/hooks/{idInstance:long}");
        #endregion

    public static IEndpointConventionBuilder MapCustomers(WebApplication app) =>
        #region add
        app.MapPut("/customers/{idInstance:long}", async (
            long idInstance, CustomerSettings settings, CustomerDb db, CustomerInstances instances, GreenApiClient client, CancellationToken cancellationToken) =>
        {
            var row = await db.Instances.FindAsync([idInstance], cancellationToken)
                ?? db.Add(new CustomerInstance { IdInstance = idInstance, WebhookToken = RandomNumberGenerator.GetHexString(64) }).Entity;
            (row.Customer, row.ApiUrl, row.ApiToken) = (settings.Customer, settings.ApiUrl, settings.ApiToken);
            await db.SaveChangesAsync(cancellationToken);
            instances.NotifyChanged();

            // Last, so that the first notification finds its token. It writes only the settings that differ; the instance then restarts.
            var result = await client.EnsureCallNotificationsAsync(
                row.ToCallInstance(),
                new() { WebhookUrl = $"https://calls.example.com/hooks/{idInstance}", WebhookUrlToken = row.WebhookToken },
                cancellationToken);
            return result.ToString();
        }).RequireAuthorization();
        #endregion
}

internal sealed record CustomerSettings(string Customer, string ApiUrl, string ApiToken);
