using System.Text.Json.Serialization;

namespace IncomingCalls.Fakes.Crm;

/// <summary>What goes wrong with one request.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CrmFault>))]
public enum CrmFault
{
    /// <summary>The request is executed and the connection is cut without an answer. Assumed: any network does that.</summary>
    LostAnswer,

    /// <summary>The request is executed and the answer comes late, see <see cref="CrmPortal.DelayNext"/>. Documented (Bitrix24): a request may take 60 s.</summary>
    SlowAnswer,

    /// <summary>500 with a problem, not executed. Documented (amoCRM).</summary>
    ServerError,

    /// <summary>500 with a problem, although the request was executed. Assumed: the status does not say which.</summary>
    ServerErrorAfterExecution,

    /// <summary>502 with an HTML page of the proxy, not executed. Documented (amoCRM): the status. The page is assumed; reported (amoCRM) is one for 403.</summary>
    BadGateway,

    /// <summary>200 with an HTML page, the login, not executed. Assumed: a proxy or an expired session.</summary>
    LoginPage,

    /// <summary>402: the subscription is over; not executed. Documented (amoCRM).</summary>
    PaymentRequired,

    /// <summary>429 although the client keeps the rate, as when another application uses it up; the portal then pauses as after any 429. Documented (Bitrix24): applications on one server share the rate.</summary>
    TooManyRequests,

    /// <summary>The connection is cut, not executed. Assumed: the portal is down.</summary>
    ConnectionCut,
}
