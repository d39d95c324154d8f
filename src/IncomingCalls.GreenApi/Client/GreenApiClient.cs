using System.Globalization;
using System.Text.Json;
using IncomingCalls.GreenApi.Client;
using IncomingCalls.GreenApi.Http;
using IncomingCalls.GreenApi.Models;
using IncomingCalls.Shared;
using Microsoft.Extensions.DependencyInjection;

namespace IncomingCalls;

/// <summary>
/// A client for the methods of the HTTP API that call handling needs, for any number of instances. It is a singleton and thread-safe.
/// </summary>
/// <remarks>
/// Every documented response is returned as a <see cref="GreenApiResult{T}"/>, never thrown as an exception. The API token is part of
/// every request address, so neither results nor exceptions contain an address.
/// </remarks>
public sealed class GreenApiClient : IDisposable
{
    /// <summary>
    /// The name of the HTTP client in <see cref="IHttpClientFactory"/>. To change its primary handler, for example to set a proxy, configure
    /// a client of this name after <c>AddGreenApi</c>. Only its primary handler is used: other handlers, filters and defaults of the host would see
    /// the token and shorten the long polls.
    /// </summary>
    public const string HttpClientName = GreenApiHttpSender.HttpClientName;

    /// <summary>The age of the calls that the journals return without <c>minutes</c>.</summary>
    private static readonly TimeSpan DefaultJournalAge = TimeSpan.FromMinutes(1440);

    internal static readonly TimeSpan MinJournalAge = TimeSpan.FromMinutes(1);

    /// <summary>Three days: the maximum that clients have been seen to request. The vendor documents none.</summary>
    internal static readonly TimeSpan MaxJournalAge = TimeSpan.FromMinutes(4320);

    private readonly GreenApiHttpSender _http;
    private readonly LastKnownGoodOptions<GreenApiOptions> _options;
    private readonly IDisposable? _ownedServices;

    /// <param name="http">The sender of the requests.</param>
    /// <param name="options">The options, which contain the timeouts.</param>
    /// <param name="ownedServices">The services that are disposed of with this client; null when the client belongs to a host.</param>
    internal GreenApiClient(GreenApiHttpSender http, LastKnownGoodOptions<GreenApiOptions> options, IDisposable? ownedServices = null)
    {
        _http = http;
        _options = options;
        _ownedServices = ownedServices;
    }

    /// <summary>
    /// Creates a client for a program without a host, for example a command line tool. In a host, <c>AddGreenApi</c> registers a client.
    /// </summary>
    /// <returns>The client with the default <see cref="GreenApiOptions"/>. The caller disposes of it.</returns>
    public static GreenApiClient Create()
    {
        var services = new ServiceCollection().AddGreenApiClient().BuildServiceProvider();
        return new(services.GetRequiredService<GreenApiHttpSender>(), services.GetRequiredService<LastKnownGoodOptions<GreenApiOptions>>(), services);
    }

    /// <summary>
    /// Waits for the notification at the head of the queue, see
    /// <see href="https://green-api.com/en/docs/api/receiving/technology-http-api/ReceiveNotification/">ReceiveNotification</see>.
    /// The same notification is returned until it is deleted. A response of up to 16 MiB is returned whole, of a longer one the
    /// beginning. A notification in a response with an error status is returned like any other.
    /// </summary>
    /// <param name="instance">The instance.</param>
    /// <param name="receiveTimeout">How long the API waits for a notification; 5 to 60 whole seconds. Null: <see cref="GreenApiOptions.ReceiveTimeout"/>.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>A task whose result contains the notification, or null when the queue is empty.</returns>
    /// <exception cref="ArgumentException"><paramref name="instance"/> has no token, or its address is not an http or https address.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="receiveTimeout"/> is out of range.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public Task<GreenApiResult<ReceivedNotification>> ReceiveNotificationAsync(
        CallInstance instance, TimeSpan? receiveTimeout = null, CancellationToken cancellationToken = default)
    {
        var wait = receiveTimeout ?? _options.CurrentValue.ReceiveTimeout;
        ArgumentOutOfRangeException.ThrowIfLessThan(wait, GreenApiOptions.MinReceiveTimeout, nameof(receiveTimeout));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(wait, GreenApiOptions.MaxReceiveTimeout, nameof(receiveTimeout));
        var query = string.Create(CultureInfo.InvariantCulture, $"?receiveTimeout={(int)wait.TotalSeconds}");
        var call = GreenApiRequest.Get("receiveNotification", instance, query) with { Timeout = wait + GreenApiRequest.DefaultTimeout };
        return _http.SendAsync(call, ReceiveResponseReader.ReadAsync, ReceiveResponseReader.ReadErrorAsync, cancellationToken);
    }

    /// <summary>
    /// Deletes a notification from the queue, see
    /// <see href="https://green-api.com/en/docs/api/receiving/technology-http-api/DeleteNotification/">DeleteNotification</see>.
    /// </summary>
    /// <param name="instance">The instance.</param>
    /// <param name="receiptId">The <see cref="ReceivedNotification.ReceiptId"/> of the notification.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>A task whose result contains whether a notification was deleted; false is also a success, because the notification is no longer in the queue.</returns>
    /// <exception cref="ArgumentException"><paramref name="instance"/> has no token, or its address is not an http or https address.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public Task<GreenApiResult<bool>> DeleteNotificationAsync(CallInstance instance, long receiptId, CancellationToken cancellationToken = default)
    {
        var call = GreenApiRequest.Delete("deleteNotification", instance, string.Create(CultureInfo.InvariantCulture, $"/{receiptId}"));
        return _http.SendAsync(call, DeleteResponseReader.ReadAsync, cancellationToken);
    }

    /// <summary>
    /// Gets the names of an account, see <see href="https://green-api.com/en/docs/api/service/GetContactInfo/">GetContactInfo</see>.
    /// One request per second and instance is allowed (MAX: 10); the caller of this method limits the rate. Groups are rejected with 400.
    /// </summary>
    /// <param name="instance">The instance.</param>
    /// <param name="chatId">The chat id of the account.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests. The request also ends after <see cref="GreenApiOptions.CallerNameRequestTimeout"/>.</param>
    /// <returns>A task whose result contains the known data of the account.</returns>
    /// <exception cref="ArgumentException"><paramref name="instance"/> has no token, or its address is not an http or https address.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public Task<GreenApiResult<GreenApiContact>> GetContactInfoAsync(CallInstance instance, ChatId chatId, CancellationToken cancellationToken = default)
    {
        var call = GreenApiRequest.Post("getContactInfo", instance, writer => writer.WriteString("chatId"u8, chatId.Value)) with
        {
            Timeout = _options.CurrentValue.CallerNameRequestTimeout,
        };
        return _http.SendAsync(call, JsonResponseReader.CreateReader(JsonResponseReader.ReadContact), cancellationToken);
    }

    /// <summary>
    /// Gets the incoming calls that have ended, see <see href="https://green-api.com/en/docs/api/journals/LastIncomingCalls/">LastIncomingCalls</see>: at
    /// most the last 10,000; their order is not documented. The settings <c>incomingWebhook</c> and <c>incomingCallWebhook</c> must be on. A call appears up to two minutes
    /// after its end, and only if the messenger provides it, so a call that is missing here may still have taken place. One request per second and
    /// instance is allowed; the caller of this method limits the rate.
    /// </summary>
    /// <param name="instance">The instance.</param>
    /// <param name="age">The maximum time since the end of the calls; 1 to 4320 minutes, rounded up to whole minutes. Null: 1440 minutes.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>
    /// A task whose result contains the calls. Entries without an id are left out. On a plan without journals the request is rejected, for example with
    /// <see cref="GreenApiStatus.Forbidden"/>.
    /// </returns>
    /// <exception cref="ArgumentException"><paramref name="instance"/> has no token, or its address is not an http or https address.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="age"/> is out of range.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public Task<GreenApiResult<IReadOnlyList<GreenApiJournalCall>>> GetLastIncomingCallsAsync(
        CallInstance instance, TimeSpan? age = null, CancellationToken cancellationToken = default) =>
        GetJournalAsync("lastIncomingCalls", CallJournalReader.ReadIncoming, instance, age, cancellationToken);

    /// <summary>
    /// Gets the outgoing calls that have ended, see <see href="https://green-api.com/en/docs/api/journals/LastOutgoingCalls/">LastOutgoingCalls</see>: at
    /// most the last 10,000; their order is not documented. The setting <c>outgoingCallWebhook</c> must be on. A call appears up to two minutes after its end, and only if
    /// the messenger provides it, so a call that is missing here may still have taken place. One request per second and instance is allowed; the caller
    /// of this method limits the rate.
    /// </summary>
    /// <inheritdoc cref="GetLastIncomingCallsAsync"/>
    public Task<GreenApiResult<IReadOnlyList<GreenApiJournalCall>>> GetLastOutgoingCallsAsync(
        CallInstance instance, TimeSpan? age = null, CancellationToken cancellationToken = default) =>
        GetJournalAsync("lastOutgoingCalls", CallJournalReader.ReadOutgoing, instance, age, cancellationToken);

    /// <summary>
    /// Checks whether an account of WhatsApp exists, and gets the phone number of a linked id, see
    /// <see href="https://green-api.com/en/docs/api/service/CheckWhatsapp/">CheckWhatsapp</see>. Ten requests per second and instance are allowed, and a number
    /// per month that depends on the plan (100 on the Developer plan, 30,000 on Business), after which the status is
    /// <see cref="GreenApiStatus.QuotaExceeded"/>; the caller of this method limits the rate. Groups are rejected with 400.
    /// </summary>
    /// <param name="instance">The instance. Linked ids are different for each instance.</param>
    /// <param name="chatId">The chat id of the account: a phone number in international form, or a linked id.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>A task whose result contains whether the account exists, and its ids. An account that does not exist is also a success.</returns>
    /// <exception cref="ArgumentException"><paramref name="instance"/> has no token, or its address is not an http or https address.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public Task<GreenApiResult<GreenApiAccount>> CheckWhatsappAsync(CallInstance instance, ChatId chatId, CancellationToken cancellationToken = default)
    {
        var call = GreenApiRequest.Post("checkWhatsapp", instance, writer => writer.WriteString("chatId"u8, chatId.Value));
        return _http.SendAsync(call, JsonResponseReader.CreateReader(JsonResponseReader.ReadAccount), cancellationToken);
    }

    /// <summary>
    /// Gets the settings of an instance, see <see href="https://green-api.com/en/docs/api/account/GetSettings/">GetSettings</see>. One
    /// request per second is allowed.
    /// </summary>
    /// <param name="instance">The instance.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>A task whose result contains the settings.</returns>
    /// <exception cref="ArgumentException"><paramref name="instance"/> has no token, or its address is not an http or https address.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public Task<GreenApiResult<GreenApiSettings>> GetSettingsAsync(CallInstance instance, CancellationToken cancellationToken = default) =>
        _http.SendAsync(GreenApiRequest.Get("getSettings", instance), JsonResponseReader.CreateReader(JsonResponseReader.ReadSettings), cancellationToken);

    /// <summary>
    /// Gets the state of an instance, see <see href="https://green-api.com/en/docs/api/account/GetStateInstance/">GetStateInstance</see>.
    /// One request per second is allowed.
    /// </summary>
    /// <param name="instance">The instance.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>A task whose result contains the state.</returns>
    /// <exception cref="ArgumentException"><paramref name="instance"/> has no token, or its address is not an http or https address.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public Task<GreenApiResult<GreenApiState>> GetStateInstanceAsync(CallInstance instance, CancellationToken cancellationToken = default) =>
        _http.SendAsync(GreenApiRequest.Get("getStateInstance", instance), JsonResponseReader.CreateReader(JsonResponseReader.ReadState), cancellationToken);

    /// <summary>
    /// Gets the WhatsApp account of an instance: its phone number, its linked id and the end of a restriction, see
    /// <see href="https://green-api.com/en/docs/api/account/GetWaSettings/">GetWaSettings</see>. One request per second is allowed.
    /// </summary>
    /// <param name="instance">The instance.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>A task whose result contains the account. Its ids are null while the instance is not logged in.</returns>
    /// <exception cref="ArgumentException"><paramref name="instance"/> has no token, or its address is not an http or https address.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public Task<GreenApiResult<GreenApiWaSettings>> GetWaSettingsAsync(CallInstance instance, CancellationToken cancellationToken = default) =>
        _http.SendAsync(GreenApiRequest.Get("getWaSettings", instance), JsonResponseReader.CreateReader(JsonResponseReader.ReadWaSettings), cancellationToken);

    /// <summary>
    /// Writes settings, see <see href="https://green-api.com/en/docs/api/account/SetSettings/">SetSettings</see>. Writing restarts the
    /// instance, which sends no notifications meanwhile; the settings take effect within five minutes. One request per second is allowed.
    /// </summary>
    /// <param name="instance">The instance.</param>
    /// <param name="change">The settings to change; all other settings remain unchanged.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>A task whose result contains whether the settings were saved.</returns>
    /// <exception cref="ArgumentException">
    /// <paramref name="change"/> contains no setting, or its address is not an http or https address; or <paramref name="instance"/> has no
    /// token, or its address is not an http or https address.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public Task<GreenApiResult<bool>> SetSettingsAsync(CallInstance instance, GreenApiSettingsChange change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (change.FindProblem() is { } problem)
        {
            throw new ArgumentException(problem, nameof(change));
        }

        return _http.SendAsync(GreenApiRequest.Post("setSettings", instance, change.Write), JsonResponseReader.CreateReader(JsonResponseReader.ReadSaved), cancellationToken);
    }

    /// <summary>
    /// Switches the call notifications of an instance on: reads the settings and writes those that differ. Intended for setup by a person
    /// or a deployment; nothing in this library calls it, because each write restarts the instance.
    /// </summary>
    /// <param name="instance">The instance.</param>
    /// <param name="additionalChanges">
    /// Other wanted settings, for example the address of the webhook; null for none. <c>incomingCallWebhook</c> is always switched on, and
    /// <c>incomingWebhook</c> unless it is false here: older servers send no call notifications without it.
    /// </param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>A task whose result contains the settings that differed and whether they were written.</returns>
    /// <exception cref="ArgumentException">
    /// The address in <paramref name="additionalChanges"/> is not an http or https address; or <paramref name="instance"/> has no token, or
    /// its address is not an http or https address.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public Task<CallNotificationsResult> EnsureCallNotificationsAsync(
        CallInstance instance, GreenApiSettingsChange? additionalChanges = null, CancellationToken cancellationToken = default) =>
        CallNotificationSetup.EnsureAsync(this, instance, additionalChanges, cancellationToken);

    /// <summary>
    /// Counts the notifications that wait to be received or posted, see
    /// <see href="https://green-api.com/en/docs/api/queues/GetWebhooksCount/">GetWebhooksCount</see>. The gateway updates the
    /// number every ten seconds. One request per second is allowed.
    /// </summary>
    /// <param name="instance">The instance.</param>
    /// <param name="cancellationToken">The token to monitor for cancellation requests.</param>
    /// <returns>A task whose result contains the number of waiting notifications.</returns>
    /// <exception cref="ArgumentException"><paramref name="instance"/> has no token, or its address is not an http or https address.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was canceled.</exception>
    public Task<GreenApiResult<long>> GetWebhooksCountAsync(CallInstance instance, CancellationToken cancellationToken = default) =>
        _http.SendAsync(GreenApiRequest.Get("getWebhooksCount", instance), JsonResponseReader.CreateReader(JsonResponseReader.ReadCount), cancellationToken);

    /// <summary>
    /// Posts a notification to a webhook of the host. As with requests to the API, neither result nor exceptions contain the address or the
    /// token.
    /// </summary>
    internal Task<GreenApiResult<WebhookResponse>> PostNotificationAsync(WebhookProbe probe, CancellationToken cancellationToken) =>
        _http.PostNotificationAsync(probe, cancellationToken);

    /// <summary>Disposes of a client that was created by <see cref="Create"/>. For a client that belongs to a host this has no effect.</summary>
    public void Dispose() => _ownedServices?.Dispose();

    private Task<GreenApiResult<IReadOnlyList<GreenApiJournalCall>>> GetJournalAsync(
        string method, Func<JsonElement, IReadOnlyList<GreenApiJournalCall>?> read, CallInstance instance, TimeSpan? age, CancellationToken cancellationToken)
    {
        var maxAge = age ?? DefaultJournalAge;
        ArgumentOutOfRangeException.ThrowIfLessThan(maxAge, MinJournalAge, nameof(age));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxAge, MaxJournalAge, nameof(age));
        var query = string.Create(CultureInfo.InvariantCulture, $"?minutes={(int)Math.Ceiling(maxAge.TotalMinutes)}");
        return _http.SendAsync(GreenApiRequest.Get(method, instance, query), JsonResponseReader.CreateReader(read), cancellationToken);
    }
}
