using JasperFx.CodeGeneration;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Wolverine;
using Wolverine.Postgresql;
using Wolverine.Runtime;
using Wolverine.Runtime.Handlers;
using Wolverine.Sqlite;

namespace IncomingCalls.LoadTests;

/// <summary>
/// What an application without this library could use to answer once a notification is stored: Wolverine with a durable local queue.
/// On SQLite it commits with <c>synchronous=NORMAL</c>, its default, which favours this baseline: its commits do not survive a power failure.
/// </summary>
internal static class WolverineBaseline
{
    public static void AddSqlite(IServiceCollection services, string path) => Add(services, options => options.PersistMessagesWithSqlite($"Data Source={path}"));

    public static void AddPostgres(IServiceCollection services, string connectionString) => Add(services, options => options.PersistMessagesWithPostgresql(connectionString));

    private static void Add(IServiceCollection services, Action<WolverineOptions> persist)
    {
        var handled = new HandledCounter();
        // The warnings that nothing was discovered.
        services.AddLogging(static logging => logging.AddFilter("Wolverine.Configuration.HandlerDiscovery", LogLevel.Error));
        services.AddSingleton(handled).AddWolverine(ExtensionDiscovery.ManualOnly, options =>
        {
            persist(options);
            options.Policies.UseDurableLocalQueues();
            // One process, without the heartbeats and elections of several nodes.
            options.Durability.Mode = DurabilityMode.Solo;
            options.UseSystemTextJsonForSerialization(json => json.TypeInfoResolverChain.Insert(0, BaselineJsonContext.Default));
            // Nothing is discovered and no code is generated at run time: the handler below is what Wolverine would generate for one that counts.
            options.CodeGeneration.TypeLoadMode = TypeLoadMode.Static;
            options.Discovery.DisableConventionalDiscovery();
            options.AddMessageHandler(new CountingMessageHandler(handled));
            options.PublishMessage<BaselineNotification>().ToLocalQueue("notifications");
        });
    }

    /// <summary>The endpoint. The returned task completes when the notification is stored.</summary>
    public static async Task<IResult> PublishAsync(BaselineNotification notification, IMessageBus bus)
    {
        await bus.PublishAsync(notification);
        return Results.Ok();
    }

    /// <summary>A handler that only counts.</summary>
    private sealed class CountingMessageHandler(HandledCounter handled) : MessageHandler<BaselineNotification>
    {
        protected override Task HandleAsync(BaselineNotification message, MessageContext context, CancellationToken cancellation)
        {
            handled.Add();
            return Task.CompletedTask;
        }
    }
}
