using IncomingCalls;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Fragments;

internal static class Postgres
{
    public static void Register(IHostApplicationBuilder builder)
    {
        #region registration
        builder.Services.AddIncomingCalls(builder.Configuration.GetSection("IncomingCalls"))
            .UsePostgreSqlInbox(builder.Configuration.GetConnectionString("crm")!)
            .AddHandler<SaveCall>("save-call")
            .AddGreenApi(builder.Configuration.GetSection("GreenApi"))
            .AddWebhook();
        #endregion
    }

    public static void RegisterDataSource(IHostApplicationBuilder builder)
    {
        #region data-source
        builder.Services.AddIncomingCalls(builder.Configuration.GetSection("IncomingCalls"))
            .UsePostgreSqlInbox(services => services.GetRequiredService<NpgsqlDataSource>())
            .AddHandler<SaveCall>("save-call");
        #endregion
    }

    public static void RegisterPassword(IHostApplicationBuilder builder, Func<CancellationToken, ValueTask<string>> getToken)
    {
        #region password
        builder.Services.AddIncomingCalls(builder.Configuration.GetSection("IncomingCalls"))
            .UsePostgreSqlInbox(options => options.ConfigureDataSource = source => source.UsePeriodicPasswordProvider(
                (_, cancellationToken) => getToken(cancellationToken), TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(5)))
            .AddHandler<SaveCall>("save-call");
        #endregion
    }
}

#region transaction
internal sealed class SaveCall(ICallEventTransaction events) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        var transaction = await events.BeginAsync(cancellationToken);
        await using var command = new NpgsqlCommand("INSERT INTO calls (event, chat, kind) VALUES ($1, $2, $3)", transaction.Connection, transaction)
        {
            Parameters =
            {
                new() { Value = callEvent.Id },
                new() { Value = callEvent.Caller.ChatId?.Value ?? "" },
                new() { Value = callEvent.Kind.ToString() },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
#endregion
