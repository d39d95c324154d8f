namespace IncomingCalls.Shared;

/// <summary>The header <c>User-Agent</c> of the doctor's requests to a webhook, by which the log of the host can name them.</summary>
internal static class DoctorUserAgent
{
    private const string Product = "IncomingCalls-Doctor";

    /// <summary>Marks the request that the webhook should reject.</summary>
    private const string WrongToken = "(wrong token)";

    /// <summary>Creates the value of the header.</summary>
    /// <param name="isWrongToken">Whether the request has a wrong token on purpose.</param>
    public static string Create(bool isWrongToken)
    {
        var product = $"{Product}/{typeof(DoctorUserAgent).Assembly.GetName().Version?.ToString(3)}";
        return isWrongToken ? $"{product} {WrongToken}" : product;
    }

    /// <summary>Returns whether a request has a wrong token on purpose. Any sender can write the header, so it decides nothing but a text.</summary>
    public static bool IsWrongTokenCheck(string? header) =>
        header is not null && header.StartsWith(Product, StringComparison.Ordinal) && header.EndsWith(WrongToken, StringComparison.Ordinal);
}
