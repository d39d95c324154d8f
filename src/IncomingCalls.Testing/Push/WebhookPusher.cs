using System.Net;
using System.Net.Http.Headers;

namespace IncomingCalls.Testing.Push;

/// <summary>
/// Posts the queue of one instance to its webhook, from construction until <see cref="Stop"/>. Documented: one notification at a time
/// (assumed: per instance), in order; only the status 200 acknowledges it, otherwise it is posted again after a delay.
/// </summary>
internal sealed class WebhookPusher : IAsyncDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json") { CharSet = "utf-8" };

    private readonly CancellationTokenSource _stopping = new();
    private readonly SimulatedInstance _instance;
    private readonly HttpClient _networkClient;
    private readonly GreenApiSimulatorOptions _options;
    private readonly Task _loop;

    public WebhookPusher(SimulatedInstance instance, HttpClient network, GreenApiSimulatorOptions options)
    {
        _instance = instance;
        _networkClient = network;
        _options = options;
        _loop = RunAsync(_stopping.Token);
    }

    /// <summary>Stops pushing and cancels a running request.</summary>
    public void Stop() => _stopping.Cancel();

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            var (head, changed) = _instance.Queue.PeekHead();
            if (head is null || _instance.IsStarting || _instance.Target is not { } target)
            {
                await changed.WaitAsync(cancellationToken);
                continue;
            }

            if (_instance.FaultInjector.Delay is { Ticks: > 0 } delay)
            {
                await Task.Delay(delay, _options.TimeProvider, cancellationToken);
            }

            var at = _options.TimeProvider.GetUtcNow();
            var response = await PostAsync(target, head, cancellationToken);
            var status = _instance.FaultInjector.NextPostLosesAnswer() ? null : response;
            head.AddDelivery(new() { At = at, Channel = DeliveryChannel.Webhook, StatusCode = (int?)status });
            if (status == HttpStatusCode.OK)
            {
                _instance.Queue.Acknowledge(head);
            }
            else
            {
                await Task.Delay(_options.ResendAfter, _options.TimeProvider, cancellationToken);
            }
        }
    }

    private async Task<HttpStatusCode?> PostAsync(PushTarget target, SimulatedNotification notification, CancellationToken cancellationToken)
    {
        using var timer = new CancellationTokenSource(_options.AnswerTimeout, _options.TimeProvider);
        using var timeoutOrCancelled = CancellationTokenSource.CreateLinkedTokenSource(timer.Token, cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, target.Url) { Content = new ReadOnlyMemoryContent(notification.Body) };
            request.Content.Headers.ContentType = Json;
            if (WebhookAuthorization.CreateHeader(_instance.Settings.WebhookUrlToken, _options.WebhookTokenScheme) is { } authorization)
            {
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
            }

            using var response = await (target.Client ?? _networkClient).SendAsync(request, timeoutOrCancelled.Token);
            return response.StatusCode;
        }
        // Any exception: the client of an in-memory host rethrows the exceptions of its pipeline, and the host may be disposed. To the
        // gateway each of them is a request without a response.
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}

/// <summary>Creates the Authorization header of webhook requests.</summary>
internal static class WebhookAuthorization
{
    /// <summary>
    /// Reported: the vendor's console stores a token together with its scheme, Bearer or Basic, and it is sent unchanged; a token without
    /// a scheme was received with the prefix Bearer by some integrators and without a prefix by others. Assumed: without a token there is
    /// no header.
    /// </summary>
    /// <param name="token">The setting <c>webhookUrlToken</c>.</param>
    /// <param name="scheme">The scheme for a token without one; empty for none.</param>
    /// <returns>The value of the header; null for no header.</returns>
    public static string? CreateHeader(string token, string scheme) =>
        token.Length == 0 ? null
        : scheme.Length == 0 || HasScheme(token, "Bearer") || HasScheme(token, "Basic") ? token
        : $"{scheme} {token}";

    private static bool HasScheme(string token, string scheme) =>
        token.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) && token.AsSpan(scheme.Length).StartsWith(" ");
}
