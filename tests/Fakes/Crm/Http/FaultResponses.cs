using IncomingCalls.Fakes.Crm.Faults;
using Microsoft.AspNetCore.Http;

namespace IncomingCalls.Fakes.Crm.Http;

/// <summary>The answers of faults that replace the answer of the portal.</summary>
internal static class FaultResponses
{
    /// <summary>Documented (amoCRM): this title.</summary>
    public static CrmResponse ServerError { get; } = CrmResponse.Problem(StatusCodes.Status500InternalServerError, "ErrInternalServer", "Internal server error");

    public static CrmResponse PaymentRequired { get; } = CrmResponse.Problem(StatusCodes.Status402PaymentRequired, "Payment Required", "The subscription is over");

    /// <summary>Returns the answer of a fault that prevents the execution of the request; null if the request is executed.</summary>
    public static CrmResponse? Replace(PortalRequest request, ScriptedFault? fault)
    {
        switch (fault?.Fault)
        {
            case CrmFault.ServerError:
                return ServerError;
            case CrmFault.BadGateway:
                return CrmResponse.Html(StatusCodes.Status502BadGateway, "502 Bad Gateway");
            case CrmFault.LoginPage:
                return CrmResponse.Html(StatusCodes.Status200OK, "Log in");
            case CrmFault.PaymentRequired:
                return PaymentRequired;
            case CrmFault.TooManyRequests:
                request.Portal.Limit.StartPause();
                return LimitResponses.TooManyRequests(request.Portal);
            default:
                return null;
        }
    }
}
