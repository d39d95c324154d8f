using CallDesk.Cluster;
using CallDesk.Live;
using CallDesk.Postgres;
using CallDesk.Store;
using IncomingCalls;

namespace CallDesk;

/// <summary>What the configuration makes of the desk: a single process, a node with PostgreSQL, or a silo of an Orleans cluster.</summary>
internal static class DeskNodeBuilderExtensions
{
    /// <summary>Adds how changes reach the open pages.</summary>
    public static void AddDeskNode(this WebApplicationBuilder builder, DeskConnection desk, ClusterSettings cluster)
    {
        if (cluster.Redis is null && desk.IsPostgres)
        {
            builder.Services.AddPostgresNode();
            return;
        }

        builder.Services.AddSingleton(_ => new WriterLimiter(desk.MaxWriters));
        builder.Services.AddScoped<IDeskWriter, PublishingWriter>();
        if (cluster.Redis is null)
        {
            builder.Services.AddSingleton<IDeskChangePublisher, LocalChangePublisher>();
        }
        else
        {
            builder.AddDeskSilo(cluster);
        }
    }

    /// <summary>Uses the inbox that can be shared by as many nodes as the configuration allows.</summary>
    public static IIncomingCallsBuilder UseDeskInbox(this IIncomingCallsBuilder builder, IConfiguration configuration, DeskConnection desk, ClusterSettings cluster) =>
        cluster.Redis is not null ? builder.UseOrleansInbox(inbox => inbox.StorageExpiresEntries = true)
        : desk.IsPostgres ? builder.UsePostgresInbox(configuration, desk)
        : builder.UseSqliteInbox();
}
