using IncomingCalls.Cli.Connections;
using IncomingCalls.GreenApi.Models;
using IncomingCalls.GreenApi.Settings;

namespace IncomingCalls.Cli.Send;

/// <summary>Explains the responses to a notification that do not mean that a host has accepted it.</summary>
internal static class SendProblem
{
    /// <returns>What is wrong and what to do, in whole sentences; null when the notification was accepted.</returns>
    public static string? Find(Uri address, long idInstance, WebhookResponse response)
    {
        var webhook = UriRedaction.Redact(address);
        return response switch
        {
            { IsAcknowledgedByPage: true } =>
                $"{webhook} answered with a web page{(response.Server is { } server ? $" ({server})" : "")}, so another program than the webhook has acknowledged the notification. Correct the address.",
            { IsDropped: true } => $"The host does not know instance {idInstance}, so the notification is dropped. Compare --id-instance with GreenApi:Instances of the host.",
            { IsQuarantined: true } => "The host could not read the notification. 'inbox list --quarantine' shows why.",
            { Status: 200 } => null,
            _ => WebhookAddressProblem.Find(address, response, showsPath: true) ?? Describe(webhook, response),
        };
    }

    private static string Describe(string webhook, WebhookResponse response) => response.Status switch
    {
        401 => $"{webhook} rejected the token (401). Compare --webhook-token with IncomingCalls:Webhook:Tokens of the host.",
        403 => $"{webhook} rejected the sender, or the instance does not match the token (403). Check AllowedSenders, --id-instance and --webhook-token.",
        503 => $"{webhook} cannot store the notification now (503). GREEN-API would redeliver it after a minute.",
        var status when response.Result is null =>
            $"{webhook} responded with {response}, not from the endpoint of IncomingCalls, so GREEN-API would redeliver the notification. Only 200 acknowledges it.",
        var status => $"{webhook} responded with {status}, so GREEN-API would redeliver the notification. Only 200 acknowledges it.",
    };
}
