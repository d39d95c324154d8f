namespace IncomingCalls.Cli;

/// <summary>Says that nobody answers.</summary>
internal static class UnreachableMessage
{
    public static string Create(Uri address, string reason) => $"Nobody answers at {UriRedaction.Redact(address)}: {reason}.";

    public static string DescribeError(HttpRequestError? error) => error switch
    {
        HttpRequestError.NameResolutionError => "the name is unknown",
        HttpRequestError.ConnectionError => "the connection is refused",
        HttpRequestError.SecureConnectionError => "no secure connection comes about",
        null => "no answer in time",
        _ => "the connection broke",
    };
}
