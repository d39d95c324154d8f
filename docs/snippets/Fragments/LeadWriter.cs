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
            // The CRM limits requests: retry in one minute.
            throw new CallEventRetryException(TimeSpan.FromMinutes(1));
        }
        catch (HttpRequestException e) when (e.StatusCode == HttpStatusCode.UnprocessableEntity)
        {
            // No retry can succeed: make it a dead letter now instead of after the last retry, seven hours later.
            throw new CallEventRejectedException("The CRM rejected the event.", e);
        }
    }
}
#endregion
