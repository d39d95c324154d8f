using IncomingCalls.Cli.Output;
using IncomingCalls.GreenApi.Models;
using IncomingCalls.GreenApi.Polling;
using IncomingCalls.GreenApi.Telemetry;

namespace IncomingCalls.Cli.Connections;

/// <summary>What an answer of GREEN-API means to the person at the keyboard.</summary>
internal static class GreenApiErrors
{
    /// <summary>Ends the command when asking again would not help.</summary>
    /// <param name="instance">The instance that was asked.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="wasWell">Whether the instance answered before: then a broken connection is a hiccup.</param>
    /// <exception cref="CommandFailedException">It would not.</exception>
    public static void ThrowIfPermanent<T>(CallInstance instance, GreenApiResult<T> answer, bool wasWell)
    {
        var status = answer.Status;
        switch (PollerStateMapping.FromStatus(status))
        {
            case PollerState.Stopped:
                throw new CommandFailedException(
                    ExitCode.Refused, $"GREEN-API refuses instance {instance.IdInstance}: {answer}. {GreenApiStatusAdvice.Get(status)}");
            case PollerState.WebhookUrlSet:
                throw new CommandFailedException(
                    ExitCode.Refused, $"Instance {instance.IdInstance} posts to a webhook, so there is nothing to receive: clear webhookUrl in the console first.");
        }

        if (!wasWell && status is GreenApiStatus.Unreachable or GreenApiStatus.TimedOut)
        {
            throw new CommandFailedException(ExitCode.Unreachable, UnreachableMessage.Create(instance.ApiUrl, UnreachableMessage.DescribeError(answer.TransportError)));
        }

        if (status is GreenApiStatus.InvalidResponse or GreenApiStatus.ResponseTooLarge)
        {
            throw NotGreenApi(instance);
        }
    }

    /// <summary>Ends the command unless it was done.</summary>
    /// <exception cref="CommandFailedException">It was not.</exception>
    public static void ThrowUnlessOk<T>(CallInstance instance, GreenApiResult<T> answer)
    {
        ThrowIfPermanent(instance, answer, wasWell: false);
        if (!answer.IsOk)
        {
            throw new CommandFailedException(ExitCode.Refused, $"GREEN-API did not do it for instance {instance.IdInstance}: {answer}. Try again in a moment.");
        }
    }

    /// <summary>Somebody answers, and not as GREEN-API would.</summary>
    public static CommandFailedException NotGreenApi(CallInstance instance) =>
        new(ExitCode.Unreachable, $"What answers at {UriRedaction.Redact(instance.ApiUrl)} is not GREEN-API.");

    /// <summary>Why nothing comes at the moment.</summary>
    public static string Describe<T>(CallInstance instance, GreenApiResult<T> answer) => answer.Status switch
    {
        GreenApiStatus.NotAuthorized => $"Instance {instance.IdInstance} is not logged in to WhatsApp: scan the QR code in the console. Asking again…",
        GreenApiStatus.Starting => $"Instance {instance.IdInstance} is starting, which takes up to five minutes. Asking again…",
        _ => $"Instance {instance.IdInstance}: {answer}. Asking again…",
    };
}

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

/// <summary>Addresses as messages show them.</summary>
internal static class UriRedaction
{
    /// <summary>Without user, password and query, where secrets are kept.</summary>
    public static string Redact(Uri address) => address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
}
