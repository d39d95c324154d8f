using System.Net;
using System.Net.Http.Headers;

namespace IncomingCalls.Testing;

/// <summary>
/// Posts the queue of one instance to its webhook. Documented: one at a time (assumed per instance), in order; only 200 removes
/// it; otherwise a pause, then the same again.
/// </summary>
internal sealed class WebhookPusher(SimulatedInstance instance, HttpClient network, GreenApiSimulatorOptions options)
{
    private static readonly MediaTypeHeaderValue Json = new("application/json") { CharSet = "utf-8" };

    /// <summary>Posts until the token is signalled.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var (head, changed) = instance.Queue.Look();
            if (head is null || instance.WebhookAddress is not { } url)
            {
                await changed.WaitAsync(cancellationToken);
                continue;
            }

            var status = await PostAsync(url, head, cancellationToken);
            head.Delivered(new() { At = options.TimeProvider.GetUtcNow(), Channel = DeliveryChannel.Webhook, StatusCode = (int?)status });
            if (status == HttpStatusCode.OK)
            {
                instance.Queue.Acknowledge(head.ReceiptId);
            }
            else
            {
                await Task.Delay(options.ResendAfter, options.TimeProvider, cancellationToken);
            }
        }
    }

    private async Task<HttpStatusCode?> PostAsync(Uri url, SimulatedNotification notification, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(options.AnswerTimeout, options.TimeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ReadOnlyMemoryContent(notification.Body) };
            request.Content.Headers.ContentType = Json;
            if (instance.Settings.WebhookUrlToken is { Length: > 0 } token)
            {
                // As the console stored it, scheme word or not: reported.
                request.Headers.TryAddWithoutValidation("Authorization", token);
            }

            using var response = await (instance.Through ?? network).SendAsync(request, both.Token);
            return response.StatusCode;
        }
        catch (Exception e) when ((e is HttpRequestException or OperationCanceledException or IOException) && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
