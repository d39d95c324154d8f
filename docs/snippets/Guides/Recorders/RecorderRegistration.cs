using IncomingCalls;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Guides.Recorders;

internal static class RecorderRegistration
{
    public static IIncomingCallsBuilder AddEfCore(WebApplicationBuilder builder) =>
        #region efcore
        builder.Services
            .AddDbContext<CallsDb>(options => options.UseSqlite(builder.Configuration.GetConnectionString("Calls")))
            .AddIncomingCalls(builder.Configuration.GetSection("IncomingCalls"))
            .UseSqliteInbox()
            .AddHandler<EfCoreCallRows>(handler => (handler.Name, handler.WaitForCallerName) = ("call-rows", true))
            .AddChatRecorder<EfCoreCallLog>("call-log")
            .AddWebhook();
        #endregion

    public static IServiceCollection AddNpgsql(WebApplicationBuilder builder) =>
        #region npgsql
        builder.Services.AddSingleton(_ => NpgsqlDataSource.Create(builder.Configuration.GetConnectionString("Calls")!));
        #endregion
}
