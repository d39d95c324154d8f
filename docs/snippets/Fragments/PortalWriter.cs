using System.Net;
using IncomingCalls;
using Microsoft.Extensions.DependencyInjection;

namespace Fragments;

#region handler
/// <summary>Writes each call to the CRM portal of the customer whose instance was called.</summary>
internal sealed class PortalWriter(IPortals portals) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        var portal = portals.NameFor(callEvent);
        using var response = await portals.SendAsync(portal, callEvent, cancellationToken);
        switch (response.StatusCode)
        {
            case HttpStatusCode.Unauthorized or HttpStatusCode.PaymentRequired:
                // The customer has revoked the token, or the subscription is over. The other portals are not affected.
                throw new DestinationUnavailableException(portal, message: $"The portal answered {(int)response.StatusCode}.");
            case HttpStatusCode.TooManyRequests:
                // All deliveries to this portal wait for the time in its Retry-After, or for one minute.
                throw CallEventRetryException.FromRetryAfter(response, fallback: TimeSpan.FromMinutes(1), portal);
            default:
                response.EnsureSuccessStatusCode();
                break;
        }
    }
}
#endregion

internal static class PortalRegistration
{
    public static void Add(IIncomingCallsBuilder builder, IPortals portals) =>
        #region options
        builder.AddHandler<PortalWriter>(handler =>
        {
            handler.Name = "portals";
            // From memory: bitrix24:portal-7, for example.
            handler.Destination = portals.NameFor;
            // Each portal accepts two requests a second, and 50 at once after a time without any.
            handler.RateLimit = new() { Permits = 2, Period = TimeSpan.FromSeconds(1), Burst = 50, Partition = portals.NameFor };
            handler.MaxPause = TimeSpan.FromDays(3);
            handler.UnansweredSettleTime = TimeSpan.FromSeconds(20);
        });
        #endregion
}

internal interface IPortals
{
    string NameFor(CallEvent callEvent);

    Task<HttpResponseMessage> SendAsync(string portal, CallEvent callEvent, CancellationToken cancellationToken);
}
