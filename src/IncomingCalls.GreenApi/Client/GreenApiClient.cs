using System.Globalization;
using IncomingCalls.GreenApi.Http;
using IncomingCalls.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls;

/// <summary>
/// The methods of the HTTP API that calls need, for any number of instances. A singleton, safe from any thread.
/// </summary>
/// <remarks>
/// An answer that the documentation knows is a <see cref="GreenApiResult{T}"/> and never an exception. The API token is part of
/// every address, so neither results nor exceptions show an address.
/// </remarks>
public sealed class GreenApiClient : IDisposable
{
    /// <summary>
    /// The name of the client at <see cref="IHttpClientFactory"/>. To change its primary handler, a proxy for example, configure
    /// a client of this name after <c>AddGreenApi</c>; defaults for all clients do not apply to it.
    /// </summary>
    public const string HttpClientName = GreenApiHttpSender.HttpClientName;

    private readonly GreenApiHttpSender _http;
    private readonly LastKnownGoodOptions<GreenApiOptions> _options;
    private readonly IDisposable? _ownedServices;

    /// <param name="http">Sends the requests.</param>
    /// <param name="options">The time limits.</param>
    /// <param name="own">What ends with this client; null when it belongs to a host.</param>
    internal GreenApiClient(GreenApiHttpSender http, LastKnownGoodOptions<GreenApiOptions> options, IDisposable? own = null)
    {
        _http = http;
        _options = options;
        _ownedServices = own;
    }

    /// <summary>
    /// Makes a client for a programme that has no host, a tool for the command line for example. In a host, <c>AddGreenApi</c>
    /// registers one.
    /// </summary>
    /// <returns>The client, with the default <see cref="GreenApiOptions"/>; to be disposed of.</returns>
    public static GreenApiClient Create()
    {
        var services = new ServiceCollection().AddGreenApiClient().BuildServiceProvider();
        return new(services.GetRequiredService<GreenApiHttpSender>(), services.GetRequiredService<LastKnownGoodOptions<GreenApiOptions>>(), services);
    }

    /// <summary>
    /// Waits for the head of the queue, see
    /// <see href="https://green-api.com/en/docs/api/receiving/technology-http-api/ReceiveNotification/">ReceiveNotification</see>.
    /// It is returned again until it is deleted. Answers of up to 1 MiB are read whole; of longer ones the first MiB is kept and
    /// the rest, up to 16 MiB, is read for the receiptId alone.
    /// </summary>
    /// <param name="instance">The instance.</param>
    /// <param name="receiveTimeout">How long the API waits for a notification; whole seconds from 5 to 60. Null: <see cref="GreenApiOptions.ReceiveTimeout"/>.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The notification, or null when the queue is empty.</returns>
    /// <exception cref="ArgumentException"><paramref name="instance"/> has no token, or its address is not one of HTTP.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="receiveTimeout"/> is out of range.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was signalled.</exception>
    public Task<GreenApiResult<ReceivedNotification>> ReceiveNotificationAsync(
        CallInstance instance, TimeSpan? receiveTimeout = null, CancellationToken cancellationToken = default)
    {
        var wait = receiveTimeout ?? _options.CurrentValue.ReceiveTimeout;
        ArgumentOutOfRangeException.ThrowIfLessThan(wait, GreenApiOptions.MinReceiveTimeout, nameof(receiveTimeout));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wait, GreenApiOptions.MaxReceiveTimeout, nameof(receiveTimeout));
        var query = string.Create(CultureInfo.InvariantCulture, $"?receiveTimeout={(int)wait.TotalSeconds}");
        var call = GreenApiRequest.Get("receiveNotification", instance, query) with { Timeout = wait + GreenApiRequest.DefaultTimeout };
        return _http.SendAsync(call, ReceiveResponseReader.ReadAsync, cancellationToken);
    }

    /// <summary>
    /// Takes a notification out of the queue, see
    /// <see href="https://green-api.com/en/docs/api/receiving/technology-http-api/DeleteNotification/">DeleteNotification</see>.
    /// </summary>
    /// <param name="instance">The instance.</param>
    /// <param name="receiptId">The number that came with the notification.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>Whether there was something to delete; false is success too, since then it is gone.</returns>
    /// <exception cref="ArgumentException"><paramref name="instance"/> has no token, or its address is not one of HTTP.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was signalled.</exception>
    public Task<GreenApiResult<bool>> DeleteNotificationAsync(CallInstance instance, long receiptId, CancellationToken cancellationToken = default)
    {
        var call = GreenApiRequest.Delete("deleteNotification", instance, string.Create(CultureInfo.InvariantCulture, $"/{receiptId}"));
        return _http.SendAsync(call, DeleteResponseReader.ReadAsync, cancellationToken);
    }

    /// <summary>
    /// Asks for an account's names, see <see href="https://green-api.com/en/docs/api/service/GetContactInfo/">GetContactInfo</see>.
    /// One request per second and instance is allowed (MAX: 10); pacing is the caller's business. Groups are refused with 400.
    /// </summary>
    /// <param name="instance">The instance.</param>
    /// <param name="chatId">The account.</param>
    /// <param name="cancellationToken">Ends the request, which otherwise lasts <see cref="GreenApiOptions.CallerNameRequestTimeout"/> at most.</param>
    /// <returns>What is known about the account.</returns>
    /// <exception cref="ArgumentException"><paramref name="instance"/> has no token, or its address is not one of HTTP.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was signalled.</exception>
    public Task<GreenApiResult<GreenApiContact>> GetContactInfoAsync(CallInstance instance, ChatId chatId, CancellationToken cancellationToken = default)
    {
        var call = GreenApiRequest.Post("getContactInfo", instance, writer => writer.WriteString("chatId"u8, chatId.Value)) with
        {
            Timeout = _options.CurrentValue.CallerNameRequestTimeout,
        };
        return _http.SendAsync(call, JsonResponseReader.CreateReader(JsonResponseReader.ReadContact), cancellationToken);
    }

    /// <summary>Reads the settings, see <see href="https://green-api.com/en/docs/api/account/GetSettings/">GetSettings</see>. One request per second is allowed.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="ArgumentException"><paramref name="instance"/> has no token, or its address is not one of HTTP.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was signalled.</exception>
    public Task<GreenApiResult<GreenApiSettings>> GetSettingsAsync(CallInstance instance, CancellationToken cancellationToken = default) =>
        _http.SendAsync(GreenApiRequest.Get("getSettings", instance), JsonResponseReader.CreateReader(JsonResponseReader.ReadSettings), cancellationToken);

    /// <summary>Reads the state, see <see href="https://green-api.com/en/docs/api/account/GetStateInstance/">GetStateInstance</see>. One request per second is allowed.</summary>
    /// <param name="instance">The instance.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The state.</returns>
    /// <exception cref="ArgumentException"><paramref name="instance"/> has no token, or its address is not one of HTTP.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was signalled.</exception>
    public Task<GreenApiResult<GreenApiState>> GetStateInstanceAsync(CallInstance instance, CancellationToken cancellationToken = default) =>
        _http.SendAsync(GreenApiRequest.Get("getStateInstance", instance), JsonResponseReader.CreateReader(JsonResponseReader.ReadState), cancellationToken);

    /// <summary>
    /// Writes settings, see <see href="https://green-api.com/en/docs/api/account/SetSettings/">SetSettings</see>. Writing restarts
    /// the instance, which hears nothing meanwhile; the settings count within five minutes. One request per second is allowed.
    /// </summary>
    /// <param name="instance">The instance.</param>
    /// <param name="change">What to change; everything else stays.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>Whether the settings were saved.</returns>
    /// <exception cref="ArgumentException">
    /// <paramref name="change"/> changes nothing, or its address is not one of HTTP; or <paramref name="instance"/> has no token, or
    /// its address is not one of HTTP.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was signalled.</exception>
    public Task<GreenApiResult<bool>> SetSettingsAsync(CallInstance instance, GreenApiSettingsChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (change.FindProblem() is { } complaint)
        {
            throw new ArgumentException(complaint, nameof(change));
        }

        return _http.SendAsync(GreenApiRequest.Post("setSettings", instance, change.Write), JsonResponseReader.CreateReader(JsonResponseReader.ReadSaved), cancellationToken);
    }

    /// <summary>
    /// Makes an instance notify calls: reads the settings, and writes those that differ, if any do. For set-up by a person or a
    /// deployment; nothing in this library calls it, because each write restarts the instance.
    /// </summary>
    /// <param name="instance">The instance.</param>
    /// <param name="also">
    /// What else is wanted, the address of the webhook for example; null for nothing. <c>incomingCallWebhook</c> is switched on in
    /// any case, <c>incomingWebhook</c> unless this says false: older servers notify no calls without it.
    /// </param>
    /// <param name="cancellationToken">Ends the request under way.</param>
    /// <returns>What was different, and whether something was written.</returns>
    /// <exception cref="ArgumentException">
    /// The address in <paramref name="also"/> is not one of HTTP; or <paramref name="instance"/> has no token, or its address is not
    /// one of HTTP.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was signalled.</exception>
    public Task<CallNotificationsResult> EnsureCallNotificationsAsync(
        CallInstance instance, GreenApiSettingsChange? also = null, CancellationToken cancellationToken = default) =>
        CallNotificationSetup.EnsureAsync(this, instance, also, cancellationToken);

    /// <summary>
    /// Counts the notifications that wait to be received or posted, see
    /// <see href="https://green-api.com/en/docs/api/queues/GetWebhooksCount/">GetWebhooksCount</see>. The gateway counts every ten
    /// seconds. One request per second is allowed.
    /// </summary>
    /// <param name="instance">The instance.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>How many wait.</returns>
    /// <exception cref="ArgumentException"><paramref name="instance"/> has no token, or its address is not one of HTTP.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was signalled.</exception>
    public Task<GreenApiResult<long>> GetWebhooksCountAsync(CallInstance instance, CancellationToken cancellationToken = default) =>
        _http.SendAsync(GreenApiRequest.Get("getWebhooksCount", instance), JsonResponseReader.CreateReader(JsonResponseReader.ReadCount), cancellationToken);

    /// <summary>Posts a notification to a webhook of ours, under the same rules of secrecy as a request to the API.</summary>
    internal Task<GreenApiResult<bool>> PostNotificationAsync(
        Uri address, string? authorization, ReadOnlyMemory<byte> utf8Json, TimeSpan limit, CancellationToken cancellationToken) =>
        _http.PostNotificationAsync(address, authorization, utf8Json, limit, cancellationToken);

    /// <summary>Ends a client that was made by <see cref="Create"/>. That of a host ends with the host, and this changes nothing.</summary>
    public void Dispose() => _ownedServices?.Dispose();
}
