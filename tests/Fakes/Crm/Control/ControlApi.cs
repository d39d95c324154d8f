using IncomingCalls.Fakes.Crm.Http;
using IncomingCalls.Fakes.Crm.Portals;
using Microsoft.AspNetCore.Http;

namespace IncomingCalls.Fakes.Crm.Control;

/// <summary>
/// The control API over HTTP, for tests whose clients and checks are processes of their own: below <c>/control/portals</c> and for one portal its record
/// (<c>GET {portal}</c>), <c>POST {portal}</c> to add it, <c>POST</c> and <c>DELETE {portal}/tokens</c> to connect and disconnect it,
/// <c>POST {portal}/contacts</c> and <c>POST {portal}/faults</c>; and <c>GET /control/requests</c> and <c>GET /control/violations</c> of all portals.
/// Its requests are neither recorded nor limited.
/// </summary>
internal sealed class ControlApi(PortalDirectory portals)
{
    /// <summary>Answers a request.</summary>
    /// <param name="context">The HTTP request.</param>
    /// <param name="path">The path below <c>/control</c>.</param>
    public async Task HandleAsync(HttpContext context, string[] path)
    {
        var portal = path is ["portals", var name, ..] ? portals.Find(name) : null;
        var response = (context.Request.Method, path) switch
        {
            ("GET", ["requests"]) => CrmResponse.Json(portals.Log.Requests),
            ("GET", ["violations"]) => CrmResponse.Json(portals.Log.Violations),
            ("GET", ["portals"]) => CrmResponse.Json(portals.All.Select(known => known.Name)),
            ("POST", ["portals", var added]) when portal is null => CrmResponse.Json(portals.Add(added, new()).IssueTokens()),
            _ when portal is null => null,
            ("GET", ["portals", _]) => CrmResponse.Json(portal.TakeSnapshot()),
            ("POST", ["portals", _, "tokens"]) => CrmResponse.Json(portal.IssueTokens()),
            ("DELETE", ["portals", _, "tokens"]) => Disconnect(portal),
            ("POST", ["portals", _, "contacts"]) => AddContact(portal, await context.Request.ReadFromJsonAsync<AddContactBody>(context.RequestAborted)),
            ("POST", ["portals", _, "faults"]) => AddFault(portal, await context.Request.ReadFromJsonAsync<AddFaultBody>(context.RequestAborted)),
            _ => null,
        };
        await (response ?? CrmResponse.NotFound("Unknown portal, method or path")).WriteAsync(context);
    }

    private static CrmResponse Disconnect(CrmPortal portal)
    {
        portal.RevokeTokens();
        return CrmResponse.NoContent;
    }

    private static CrmResponse AddContact(CrmPortal portal, AddContactBody? body) => CrmResponse.Json(portal.AddContact(body!.Phone, body.Name));

    private static CrmResponse AddFault(CrmPortal portal, AddFaultBody? body)
    {
        portal.Faults.Add(new(body!.Fault, body.Operation, body.Delay), body.Times);
        return CrmResponse.NoContent;
    }
}
