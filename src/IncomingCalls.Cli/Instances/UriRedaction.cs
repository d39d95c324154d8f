namespace IncomingCalls.Cli;

/// <summary>Addresses as messages show them.</summary>
internal static class UriRedaction
{
    /// <summary>Without user, password and query, where secrets are kept.</summary>
    public static string Redact(Uri address) => address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
}
