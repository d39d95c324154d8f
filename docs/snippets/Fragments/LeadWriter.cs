using System.Net;
using IncomingCalls;

namespace Fragments;

#region handler
internal sealed class LeadWriter(ICrm crm) : ICallEventHandler
{
    public async ValueTask HandleAsync(CallEvent callEvent, CancellationToken cancellationToken)
    {
        try
        {
            await crm.UpsertAsync(callEvent.Id, new { callEvent.Caller.DisplayName, callEvent.OccurredAt }, cancellationToken);
        }
        catch (HttpRequestException e) when (e.StatusCode == HttpStatusCode.TooManyRequests)
        {
            // The CRM is there, and busy: not before a minute from now.
            throw new CallEventRetryException(TimeSpan.FromMinutes(1));
        }
        catch (HttpRequestException e) when (e.StatusCode == HttpStatusCode.UnprocessableEntity)
        {
            // It will never take this one: a dead letter now rather than in seven hours.
            throw new CallEventRejectedException("The CRM does not take the event.", e);
        }
    }
}
#endregion
