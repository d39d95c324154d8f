using IncomingCalls.Fakes.Crm.Control;
using IncomingCalls.Fakes.Crm.Http;
using IncomingCalls.Fakes.Crm.Portals;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace IncomingCalls.Fakes.Crm;

/// <summary>
/// A real HTTP server on 127.0.0.1 that stands for a CRM, of no vendor in particular. It is written from the documentation of Bitrix24 and amoCRM, before any
/// adapter: each rule is marked as documented, reported by users, or assumed, with the vendor that it follows. What a correct client does not do is
/// answered as the CRM would, and recorded as a violation; what it stores twice is stored twice.
/// </summary>
/// <remarks>
/// <para>Each portal has the paths of <see cref="CrmOperation"/> below <c>/portals/{portal}</c>. <c>/control</c> is the control API of other processes.</para>
/// <para>Safe to use from any thread. The server and all records end when it is disposed.</para>
/// </remarks>
public sealed class CrmServer : IAsyncDisposable
{
    private readonly PortalDirectory _portals;
    private readonly PortalApi _portalApi;
    private readonly ControlApi _controlApi;
    private readonly WebApplication _server;
    private int _disposeCount;

    private CrmServer(CrmServerOptions options)
    {
        _portals = new(options);
        _portalApi = new(_portals);
        _controlApi = new(_portals);
        // An empty builder, so that addresses, certificates and logging configured for the host under test do not apply to the server.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{options.Port}");
        _server = builder.Build();
        _server.Run(HandleAsync);
    }

    /// <summary>The base address of the CRM.</summary>
    public Uri BaseUrl => new(_server.Urls.Single());

    /// <summary>The portals, ordered by name.</summary>
    public IReadOnlyList<CrmPortal> Portals => _portals.All;

    /// <summary>The requests to all portals, and to portals that do not exist, in the order of arrival.</summary>
    public IReadOnlyList<RequestRecord> Requests => _portals.Log.Requests;

    /// <summary>What clients of all portals did wrong.</summary>
    public IReadOnlyList<Violation> Violations => _portals.Log.Violations;

    /// <summary>Starts a server without portals.</summary>
    /// <param name="configure">Configures the options of the server.</param>
    /// <param name="cancellationToken">The token that cancels the start.</param>
    /// <returns>A task whose result is the running server.</returns>
    public static async Task<CrmServer> StartAsync(Action<CrmServerOptions>? configure = null, CancellationToken cancellationToken = default)
    {
        var options = new CrmServerOptions();
        configure?.Invoke(options);
        var server = new CrmServer(options);
        await server._server.StartAsync(cancellationToken);
        return server;
    }

    /// <summary>Adds a portal, which the application is not connected to until <see cref="CrmPortal.IssueTokens"/>.</summary>
    /// <param name="name">The name, one segment of a path.</param>
    /// <param name="configure">Configures the options of the portal.</param>
    /// <returns>The portal.</returns>
    /// <exception cref="ArgumentException">A portal with this name exists.</exception>
    public CrmPortal AddPortal(string name, Action<CrmPortalOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        var options = new CrmPortalOptions();
        configure?.Invoke(options);
        return _portals.Add(name, options);
    }

    /// <summary>Returns a portal.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The portal; null for an unknown name.</returns>
    public CrmPortal? FindPortal(string name) => _portals.Find(name);

    /// <summary>Returns the base address of a portal, with a slash at the end, for relative addresses such as <c>calls</c>.</summary>
    /// <param name="portal">The portal.</param>
    /// <returns>The address.</returns>
    public Uri GetPortalUrl(CrmPortal portal) => new(BaseUrl, $"portals/{portal.Name}/");

    /// <summary>Declares an id of a messenger as no phone number, in all portals: the digits of a linked id or of a user id cannot be distinguished from a phone number otherwise.</summary>
    /// <param name="id">The id, such as <c>100000000000001@lid</c>.</param>
    public void AddIdWithoutPhoneNumber(string id) => _portals.PhoneNumbers.AddOtherId(id);

    /// <summary>Stops the server and cuts the connections. Further calls have no effect.</summary>
    /// <returns>A task that completes when the server has stopped.</returns>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Increment(ref _disposeCount) > 1)
        {
            return;
        }

        // Slow answers are not waited for.
        using var immediately = new CancellationTokenSource(TimeSpan.Zero);
        await _server.StopAsync(immediately.Token);
        await _server.DisposeAsync();
    }

    private Task HandleAsync(HttpContext context) => context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries) switch
    {
        ["portals", var name, .. var path] => _portalApi.HandleAsync(context, name, path),
        ["control", .. var path] => _controlApi.HandleAsync(context, path),
        _ => CrmResponse.NotFound("Unknown path").WriteAsync(context),
    };
}
