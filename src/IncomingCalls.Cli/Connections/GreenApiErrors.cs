using IncomingCalls.Cli.Output;
using IncomingCalls.GreenApi.Models;
using IncomingCalls.GreenApi.Polling;
using IncomingCalls.GreenApi.Telemetry;

namespace IncomingCalls.Cli.Connections;

/// <summary>Converts failed requests to GREEN-API into messages for the user.</summary>
internal static class GreenApiErrors
{
    /// <summary>Throws if retrying the request would not help.</summary>
    /// <param name="instance">The instance of the request.</param>
    /// <param name="result">The result of the request.</param>
    /// <param name="hasSucceeded">Whether an earlier request succeeded; a connection failure is then transient.</param>
    /// <exception cref="CommandFailedException">Retrying would not help.</exception>
    public static void ThrowIfPermanent<T>(CallInstance instance, GreenApiResult<T> result, bool hasSucceeded)
    {
        var status = result.Status;
        switch (PollerStateMapping.FromStatus(status))
        {
            case PollerState.Refused or PollerState.Expired:
                throw new CommandFailedException(
                    ExitCode.Refused, $"GREEN-API rejected the request for instance {instance.IdInstance} with {result}. {GreenApiStatusAdvice.Get(status)}");
            case PollerState.WebhookUrlSet:
                throw new CommandFailedException(
                    ExitCode.Refused, $"Instance {instance.IdInstance} posts its notifications to a webhook, so they cannot be received. Clear webhookUrl in the GREEN-API console first.");
        }

        if (!hasSucceeded && status is GreenApiStatus.Unreachable or GreenApiStatus.TimedOut)
        {
            throw new CommandFailedException(ExitCode.Unreachable, UnreachableMessage.Create(instance.ApiUrl, UnreachableMessage.DescribeError(result.TransportError)));
        }

        if (status is GreenApiStatus.InvalidResponse or GreenApiStatus.ResponseTooLarge)
        {
            throw NotGreenApi(instance);
        }
    }

    /// <summary>Throws unless the request succeeded.</summary>
    /// <exception cref="CommandFailedException">The request failed.</exception>
    public static void ThrowUnlessOk<T>(CallInstance instance, GreenApiResult<T> result)
    {
        ThrowIfPermanent(instance, result, hasSucceeded: false);
        if (!result.IsOk)
        {
            throw new CommandFailedException(ExitCode.Refused, $"The request for instance {instance.IdInstance} failed with {result}. Retry in a moment.");
        }
    }

    /// <summary>Creates the exception for a server that does not respond like GREEN-API.</summary>
    public static CommandFailedException NotGreenApi(CallInstance instance) =>
        new(ExitCode.Unreachable, $"The server at {UriRedaction.Redact(instance.ApiUrl)} is not GREEN-API.");

    /// <summary>Describes a transient failure.</summary>
    public static string Describe<T>(CallInstance instance, GreenApiResult<T> result) => result.Status switch
    {
        GreenApiStatus.NotAuthorized => $"Instance {instance.IdInstance} is not connected to WhatsApp: it was logged out, or WhatsApp has blocked the account. The GREEN-API console shows which. Retrying…",
        GreenApiStatus.Starting => $"Instance {instance.IdInstance} is starting, which takes up to five minutes. Retrying…",
        _ => $"The request for instance {instance.IdInstance} failed with {result}. Retrying…",
    };
}

/// <summary>Creates messages about a server that does not respond.</summary>
internal static class UnreachableMessage
{
    public static string Create(Uri address, string cause) => $"There is no response from {UriRedaction.Redact(address)}. {cause}";

    /// <summary>Describes the cause in a sentence.</summary>
    public static string DescribeError(HttpRequestError? error) => error switch
    {
        HttpRequestError.NameResolutionError => "The host name is unknown.",
        HttpRequestError.ConnectionError => "The connection was refused.",
        HttpRequestError.SecureConnectionError => "A secure connection could not be established.",
        null => "The request timed out.",
        _ => "The connection was lost.",
    };
}

/// <summary>Removes secrets from addresses that are shown in messages.</summary>
internal static class UriRedaction
{
    /// <summary>Gets an address without user, password and query, which may contain secrets.</summary>
    public static string Redact(Uri address) => address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
}
