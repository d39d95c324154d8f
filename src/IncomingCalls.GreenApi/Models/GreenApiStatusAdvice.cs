namespace IncomingCalls.GreenApi.Models;

/// <summary>The advice for the operator about a response that stops polling.</summary>
internal static class GreenApiStatusAdvice
{
    public static string Get(GreenApiStatus status) => status switch
    {
        GreenApiStatus.Unauthorized => "The ApiTokenInstance is wrong. Copy it from the GREEN-API console again.",
        GreenApiStatus.Forbidden => "The IdInstance or the ApiUrl is wrong, or the account is suspended. Compare them with the GREEN-API console.",
        GreenApiStatus.NotFound => "The ApiUrl is wrong. Copy it from the GREEN-API console again.",
        _ => "The instance has expired or was deleted. Renew it in the GREEN-API console, or remove it from this host.",
    };
}
