using System.ComponentModel.DataAnnotations;
using System.ComponentModel.DataAnnotations.Schema;
using IncomingCalls;
using Microsoft.EntityFrameworkCore;

namespace Guides.ManyCustomers;

#region db
internal sealed class CustomerInstance
{
    [Key, DatabaseGenerated(DatabaseGeneratedOption.None)]
    public required long IdInstance { get; init; }
    public string Customer { get; set; } = "";
    public string ApiUrl { get; set; } = "";
    public string ApiToken { get; set; } = "";
    public required string WebhookToken { get; init; }

    public CallInstance ToCallInstance() => new()
    {
        IdInstance = IdInstance,
        ApiUrl = new(ApiUrl),
        ApiTokenInstance = ApiToken,
        Receive = ReceiveMode.Webhook,
        WebhookTokens = [WebhookToken],
    };
}

internal sealed class CustomerDb(DbContextOptions<CustomerDb> options) : DbContext(options)
{
    public DbSet<CustomerInstance> Instances => Set<CustomerInstance>();
}
#endregion
