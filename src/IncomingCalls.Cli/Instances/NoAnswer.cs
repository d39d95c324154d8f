namespace IncomingCalls.Cli;

/// <summary>Says that nobody answers.</summary>
internal static class NoAnswer
{
    public static string From(Uri address, string reason) => $"Nobody answers at {AddressText.Of(address)}: {reason}.";

    public static string Reason(HttpRequestError? error) => error switch
    {
        HttpRequestError.NameResolutionError => "the name is unknown",
        HttpRequestError.ConnectionError => "the connection is refused",
        HttpRequestError.SecureConnectionError => "no secure connection comes about",
        null => "no answer in time",
        _ => "the connection broke",
    };
}
