namespace IncomingCalls.GreenApi.Models;

/// <summary>What the operator of a host can do about an answer that ends polling.</summary>
internal static class GreenApiStatusAdvice
{
    public static string Get(GreenApiStatus status) => status switch
    {
        GreenApiStatus.Unauthorized => "The ApiTokenInstance is wrong: copy it from the console again.",
        GreenApiStatus.Forbidden => "The IdInstance or the ApiUrl is wrong, or the account is suspended: compare them with the console.",
        GreenApiStatus.NotFound => "The ApiUrl is wrong: copy it from the console again.",
        _ => "The instance is expired or deleted: renew it in the console, or remove it here.",
    };
}
