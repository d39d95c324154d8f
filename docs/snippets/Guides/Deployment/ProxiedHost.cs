using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Guides.Deployment;

internal static class ProxiedHost
{
    public static void Add(WebApplicationBuilder builder)
    {
        #region options
        builder.Services.Configure<ForwardedHeadersOptions>(options =>
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto);
        #endregion
    }

    public static void AddRemoteProxy(WebApplicationBuilder builder)
    {
        #region network
        builder.Services.Configure<ForwardedHeadersOptions>(options => options.KnownIPNetworks.Add(new(IPAddress.Parse("172.18.0.0"), 16)));
        #endregion
    }

    public static void Use(WebApplication app)
    {
        #region middleware
        app.UseForwardedHeaders();
        app.MapIncomingCalls();
        #endregion
    }

    public static void AddServices(WebApplicationBuilder builder)
    {
        #region services
        builder.Services.AddSystemd().AddWindowsService();
        #endregion
    }
}
